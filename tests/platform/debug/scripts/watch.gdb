# Watchpoints on memory and on registers of blocks.
watch total
continue
continue
delete
rwatch ticks
continue
delete
awatch *(unsigned*)0x10012050
continue
delete
watch *(unsigned*)0x10012050 if *(unsigned*)0x10012050 == 30
continue
print total
delete
continue
