"""What is true about performance management: pure rules, no I/O, no clock."""
