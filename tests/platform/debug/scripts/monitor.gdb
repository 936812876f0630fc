monitor help
monitor time
monitor cpu
monitor blocks
monitor irq
monitor errors
monitor registers
monitor registers uart
monitor registers nothing
monitor reset
detach
