# The firmware that runs networks: what it stores and what it starts.
break main
continue
delete
tbreak interrupts_service
continue
printf "external interrupt: %d\n", ($mip >> 11) & 1
stepi
finish
watch scheduler.stored
continue
delete
awatch *(unsigned*)0x10016004
continue
delete
monitor irq
continue
