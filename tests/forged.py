"""What somebody reads who sends what belongs to somebody else: the sentence, by the step that was named."""

OUTDATED = "This button is out of date. Please open Cairn's Home and start from there."
OWN = frozenset(
    [
        "help.next_thing",
        "appeals.begin",
        "help.show",
        "help.show_all",
        "help.unknown",
        "home.show_more",
        "home.opened",
        "home.choose_here",
        "home.set_language",
        "home.read_out",
        "privacy.show",
        "privacy.show_confidential",
        "privacy.show_how_long",
        "privacy.show_kept",
        "privacy.show_looks",
        "privacy.show_readers",
        "privacy.show_way_out",
        "packet.take",
        "rules.read",
        "course.begin",
        "course.by_stage",
        "course.read",
        "attention.look_through",
        "cascade.overview",
        "cascade.set_for_team",
        "checkins.choose",
        "checkins.resume",
        "reviews.review",
        "delivery.show_team",
        "delivery.show_year",
        "checkins.turn_page",
        "days.choose_days",
        "days.choose_week",
        "days.save_week",
        "days.show",
        "standin.show",
        "standin.name",
        "evidence.show",
        "feedback.write",
        "feedback.write_about_this",
        "feedback.write_for",
        "kudos.agree",
        "kudos.choose",
        "kudos.decline",
        "kudos.write",
        "suggestions.begin",
        "suggestions.look",
        "suggestions.answer_back",
        "suggestions.show",
        "process.show",
    ]
)
"""Steps that show or do what is the presser's own, or what their card alone can name, whatever they carry."""

OWN_WORDS = frozenset(["asking.ask", "asking.look_up", "asking.to_hr"])
"""Steps whose button carries what the presser typed: words, and no record of anybody's."""

ADJUSTS = (
    "Whoever leads people proposes this for their team, and HR for anybody. If a result of yours seems wrong, "
    "`/cairn result` shows how it is made: please talk to your manager about it, or `/cairn ask` HR."
)
_SENTENCES = {
    "This is not yours to do. If you think it should be, please ask HR.": """
        imports.open_form imports.look_again_at imports.choose_cycle imports.apply imports.show_refused
        imports.turn_page imports.discard setup.begin setup.go_back setup.check setup.name_roles setup.offer_course
        setup.send_course setup.announce setup.write_on setup.send_announcement people.show people.pick
        people.correct people.save
        templates.show templates.look templates.download templates.reweigh templates.edit templates.edit_part
        templates.apply templates.discard rules.write rules.write_on rules.publish rules.start_anew cycle.begin
        cycle.back_to_dates cascade.support cascade.leaf cascade.look cascade.set_for_company goals.protest
        goals.why goals.look goals.history goals.judged goals.agree goals.decline goals.edit goals.go_on
        goals.start_anew goals.keep_said goals.edit_goal goals.reword goals.back goals.pointing goals.supporting
        goals.add goals.remove goals.propose checkins.update checkins.blocked checkins.same reviews.open_report
        reviews.write reviews.back reviews.reopen reviews.choose peers.show_shares peers.approve peers.change
        peers.ask_more peers.collect peers.collected
        actuals.show_missing claims.confirm claims.doubt claims.look sources.show sources.add
        sources.change sources.test sources.read_now sources.remove scoring.recompute scoring.recompute_here
        scoring.release scoring.release_here scoring.look delivery.open_result delivery.ask_why
        delivery.ask_deeper delivery.show_compared delivery.show_chart delivery.seen_and_agree delivery.disagree_form
        imports.take_form
        setup.save_roles setup.show_announcement templates.save_weights templates.save_part rules.save
        cycle.choose_period cycle.choose_dates cycle.launch cascade.keep_support goals.agree_under_protest
        goals.send goals.agree_here goals.withdraw goals.keep_words goals.keep_numbers checkins.send
        checkins.send_blocked reviews.keep reviews.send peers.changed peers.asked_more claims.agree
        claims.dispute sources.keep delivery.send_disagreement
        adjusting.begin
        fairness.look standin.keep
        outcomes.back outcomes.look outcomes.open_group outcomes.group_form outcomes.keep_group outcomes.open_person
        outcomes.decide_form outcomes.keep pool.show pool.look pool.change pool.make pool.approve_form pool.approve
        pool.split_form pool.keep_split
        interviews.look interviews.prepare interviews.prepare_here interviews.keep_prepared
        interviews.choose_day interviews.keep_day interviews.talked interviews.add_action interviews.keep_action
        interviews.write_minutes interviews.send_minutes interviews.confirm interviews.comment_form
        interviews.send_comment interviews.into_calendar interviews.choose_shown interviews.keep_shown
        interviews.take_over
        plans.begin plans.start
        asking.keep_answer asking.open_answer attention.choose attention.look attention.save
        checkins.add_to_talk checkins.comment checkins.keep_talk checkins.send_anyway checkins.send_comment
        calibration.begin calibration.turn_to calibration.open_person calibration.change_form calibration.change
        calibration.show_chart calibration.open_meeting calibration.closing calibration.close_meeting
        calibration.read_ahead calibration.turn_list calibration.read_about calibration.warm_up calibration.rate
        checkins.talk days.choose days.choose_person days.choose_policy days.chosen days.enter days.remove
        days.save_policy days.save_week_of
        reviews.explain reviews.keep_reasons reviews.keep_reasons_anyway reviews.open_goal
        kudos.keep_terms kudos.set_terms suggestions.keep_answer suggestions.open_answer support.decline
        support.offer support.promise support.refuse
        webhooks.show webhooks.add webhooks.change webhooks.keep webhooks.turn_off webhooks.turn_on webhooks.look
        webhooks.send_again webhooks.all_again
        leavers.show leavers.choose leavers.save leavers.why_kept leavers.keep leavers.let_go sources.add_people
        exports.show exports.send
        process.look process.propose process.choose_value process.keep_proposal process.open_change process.decide
    """,
    "This cycle does not exist any more.": "process.open_pulse process.send_pulse",
    "Please choose somebody who takes part in a cycle.": "adjusting.propose adjusting.choose",
    "Only the person it is about answers this.": "outcomes.agree outcomes.decline",
    "This was decided or withdrawn meanwhile.": """
        adjusting.look adjusting.approve adjusting.doubt adjusting.refuse adjusting.withdraw
    """,
    "This appeal was settled meanwhile. Please look at the newest card.": """
        appeals.withdraw appeals.ask_another appeals.escalate appeals.open_record appeals.uphold_form appeals.uphold
        appeals.adjust_form appeals.adjust appeals.redo_form appeals.redo appeals.choose_handler appeals.name_handler
        appeals.open_rating appeals.rate
    """,
    "There is no released result of yours to appeal against.": "appeals.file",
    "This result has not been released.": "asking.about asking.send",
    OUTDATED: """
        plans.add_words plans.confirm plans.doubt plans.keep plans.keep_words plans.propose plans.seen plans.send
        plans.send_back plans.write
        home.go home.choose_language onboarding.choose_language course.turn_page course.answered
        checkins.acknowledge checkins.catch_up checkins.do_chosen attention.show attention.snooze days.cancel
        attention.show_now evidence.save evidence.turn_to
    """,
    "One-on-ones here are between somebody and their manager. Please name your manager, or somebody who reports to "
    "you, like this: /cairn talk @name": """
        talks.add_item talks.add_note talks.add_point talks.back talks.choose talks.older talks.done
        talks.keep talks.keep_item talks.keep_note
        talks.keep_point talks.keep_talked talks.leave_out talks.open_talk talks.talked
    """,
    "You were not asked for feedback on this person.": """
        peers.consent peers.start peers.decline peers.send peers.send_anyway peers.decline_with_reason
    """,
    "Only whoever answers for an objective gives it out.": """
        cascade.give_part cascade.share_out cascade.by_month cascade.keep_part cascade.keep_months
    """,
    "Only whoever gave out an objective changes it. Please talk to them.": """
        cascade.alter cascade.take_back cascade.also cascade.keep_change cascade.keep_also
    """,
    "This person does not take part in this cycle.": """
        goals.known goals.not_quite reviews.open_self
    """,
    "No cycle is running for you at the moment, so there are no goals to set.": "cascade.my_goals cascade.goals",
    "I carry requests for help while a cycle runs for you. Please talk to your manager directly.": """
        support.request support.want
    """,
    "There is no feedback round about this person.": """
        peers.propose peers.proposed peers.too_few peers.ask_by_name peers.asked_by_name peers.hand_over
    """,
    "No value can be reported for this goal any more.": "claims.choose claims.report",
    "Check-ins run while a cycle's work is being done; yours is not in that stage today.": "checkins.check_in",
    "I cannot read this as a date. Please write it like this: 2027-02-01": "checkins.pause",
    "This account takes no part: guests, apps and former colleagues do not.": "people.picked",
    "Nobody is yours to review in this cycle.": "reviews.show_team",
    "There is no agreed goal yet that you could report a value for.": "claims.begin",
    "Only who reported a value can withdraw it.": "claims.withdraw",
    "I do not know “{name}”. Write the name as Slack shows it.": """
        delivery.show interviews.show outcomes.show plans.open_plan
    """,
    "Nobody reports to you, so there is no team to set an objective for.": "cascade.keep_objective",
    "Please choose a day": "checkins.begin days.save_days",
    "Please choose a colleague who takes part here.": """
        feedback.send feedback.send_anyway kudos.send
    """,
    "This was settled meanwhile. Please look at the newest card.": """
        checkins.talked support.arrived support.deliver support.rate support.send support.withdraw support.write
        talks.done_in_checkin
    """,
    "Nobody reports to you here. If that is wrong, HR can correct it.": "checkins.open_team",
    "There are no words in this message that could be kept.": "evidence.begin_saving",
    "This is not kept any more.": "evidence.remove evidence.share feedback.thank",
    "Please choose one of these.": "suggestions.send suggestions.send_anyway",
    "There are no reviews of this person yet.": "reviews.read",
    ADJUSTS: "adjusting.begin",
    "You owe no reasons for a grade.": "reviews.show",
    "This has ended already.": "standin.end standin.end_here",
}
REFUSED = {step: sentence for sentence, some in _SENTENCES.items() for step in some.split()}
"""The sentence of every other step; a new one has to find its place here, or among those above."""
