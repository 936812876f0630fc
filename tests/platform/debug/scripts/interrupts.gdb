# In an interrupt handler, and through one.
break on_tick
continue
info registers mcause
printf "from main: %d\n", $mepc > (unsigned)main
next
next
print ticks
continue
stepi
stepi
print ticks
delete
# From the loop over the sleep and the handler, as if there was none.
break square
continue
finish
next
next
next
print ticks
delete
monitor irq
continue
