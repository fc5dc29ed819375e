// The emoji names that people and apps use most.

const TABLE = `
smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 joy 😂 rofl 🤣 blush 😊 wink 😉 slightly_smiling_face 🙂 upside_down_face 🙃
heart_eyes 😍 star-struck 🤩 sunglasses 😎 thinking_face 🤔 neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒
face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 worried 😟 confused 😕 slightly_frowning_face 🙁
frowning 😦 open_mouth 😮 astonished 😲 flushed 😳 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 sweat_smile 😅 weary 😩 tired_face 😫
triumph 😤 rage 😡 angry 😠 hugging_face 🤗 partying_face 🥳 shushing_face 🤫 zipper_mouth_face 🤐 nerd_face 🤓 robot_face 🤖 ghost 👻
wave 👋 raised_hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞 point_left 👈 point_right 👉 point_up ☝️ point_up_2 👆 point_down 👇
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ facepunch 👊 clap 👏 raised_hands 🙌 open_hands 👐 handshake 🤝 pray 🙏 muscle 💪
writing_hand ✍️ eyes 👀 brain 🧠 bust_in_silhouette 👤 busts_in_silhouette 👥 speaking_head_in_silhouette 🗣️ office_worker 🧑‍💼
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 broken_heart 💔 sparkling_heart 💖 100 💯
fire 🔥 sparkles ✨ star ⭐ star2 🌟 boom 💥 zap ⚡ tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 sports_medal 🏅
first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 crown 👑 gem 💎 dart 🎯 rocket 🚀 airplane ✈️ ship 🚢 truck 🚚
package 📦 checkered_flag 🏁 triangular_flag_on_post 🚩 cn 🇨🇳 flag-cn 🇨🇳 flag-gb 🇬🇧 flag-us 🇺🇸 flag-de 🇩🇪
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_plus_sign ➕
heavy_minus_sign ➖ question ❓ grey_question ❔ exclamation ❗ grey_exclamation ❕ bangbang ‼️ warning ⚠️ no_entry ⛔ no_entry_sign 🚫
octagonal_sign 🛑 construction 🚧 rotating_light 🚨 information_source ℹ️ red_circle 🔴 large_red_circle 🔴 large_orange_circle 🟠
large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫
large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 white_large_square ⬜
black_large_square ⬛ small_red_triangle 🔺 small_red_triangle_down 🔻 arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️
arrow_upper_right ↗️ arrow_lower_right ↘️ left_right_arrow ↔️ arrows_counterclockwise 🔄 repeat 🔁 fast_forward ⏩ rewind ⏪
arrow_forward ▶️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ heavy_dollar_sign 💲 moneybag 💰 dollar 💵 yen 💴 credit_card 💳
chart 💹 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 calendar 📅 date 📅 spiral_calendar_pad 🗓️
clipboard 📋 memo 📝 pencil 📝 pencil2 ✏️ page_facing_up 📄 page_with_curl 📃 bookmark 🔖 bookmark_tabs 📑 books 📚 book 📖
notebook 📓 ledger 📒 card_index 📇 file_folder 📁 open_file_folder 📂 card_file_box 🗃️ wastebasket 🗑️ paperclip 📎 pushpin 📌
round_pushpin 📍 link 🔗 lock 🔒 unlock 🔓 closed_lock_with_key 🔐 key 🔑 shield 🛡️ mag 🔍 mag_right 🔎 bulb 💡 gear ⚙️ wrench 🔧
hammer_and_wrench 🛠️ toolbox 🧰 test_tube 🧪 microscope 🔬 telescope 🔭 scales ⚖️ compass 🧭 world_map 🗺️ house 🏠 office 🏢
factory 🏭 hospital 🏥 school 🏫 bank 🏦 lantern 🏮 izakaya_lantern 🏮 mountain ⛰️ snow_capped_mountain 🏔️ rock 🪨 seedling 🌱 herb 🌿
four_leaf_clover 🍀 cherry_blossom 🌸 sunflower 🌻 sunny ☀️ partly_sunny ⛅ cloud ☁️ umbrella ☔ snowflake ❄️ rainbow 🌈 ocean 🌊
crescent_moon 🌙 earth_asia 🌏 earth_africa 🌍 earth_americas 🌎 globe_with_meridians 🌐 palm_tree 🌴 christmas_tree 🎄 jack_o_lantern 🎃
coffee ☕ tea 🍵 beer 🍺 beers 🍻 cake 🍰 birthday 🎂 pizza 🍕 apple 🍎 mooncake 🥮 moon_cake 🥮 dumpling 🥟 bowl_with_spoon 🥣
dog 🐶 cat 🐱 panda_face 🐼 turtle 🐢 snail 🐌 bee 🐝 unicorn_face 🦄 owl 🦉 phone ☎️ telephone_receiver 📞 iphone 📱 computer 💻
desktop_computer 🖥️ email 📧 envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 mailbox 📫 bell 🔔 no_bell 🔕
mega 📣 loudspeaker 📢 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️ hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚
alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ clock1 🕐 clock9 🕘 zzz 💤 recycle ♻️ infinity ♾️ copyright ©️ tm ™️ new 🆕 ok 🆗 up 🆙 cool 🆒
free 🆓 sos 🆘 id 🆔 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ keycap_ten 🔟 hash #️⃣
art 🎨 musical_note 🎵 headphones 🎧 movie_camera 🎥 camera 📷 video_game 🎮 game_die 🎲 jigsaw 🧩 puzzle_piece 🧩 soccer ⚽
basketball 🏀 runner 🏃 running 🏃 walking 🚶 bicyclist 🚴 hiking_boot 🥾 person_climbing 🧗 technologist 🧑‍💻 teacher 🧑‍🏫
graduation_cap 🎓 mortar_board 🎓 briefcase 💼 necktie 👔 tophat 🎩 ballot_box_with_ballot 🗳️ scroll 📜 receipt 🧾 abacus 🧮
ladder 🪜 brick 🧱 bricks 🧱 magnet 🧲 balance_scale ⚖️ thermometer 🌡️ pill 💊 syringe 💉 adhesive_bandage 🩹
`;

const words = TABLE.trim().split(/\s+/);

/** name -> character */
export const EMOJI = new Map();
for (let i = 0; i + 1 < words.length; i += 2) EMOJI.set(words[i], words[i + 1]);

/** Replaces every known `:name:` in a plain text. */
export function withEmoji(text) {
  return String(text ?? "").replace(/:([a-z0-9_+'-]+):/g, (whole, name) => EMOJI.get(name) ?? whole);
}
