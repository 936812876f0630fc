# Ctrl-C in a program that sleeps until somebody types.
continue
monitor cpu
monitor irq
kill
