# Breakpoints, steps, registers and memory, to the end of the program.
break main
continue
next
printf "pc in main: %d\n", $pc >= (unsigned)main
break square
continue
print n
finish
step
delete
info registers mie mcause
set var total = 100
print total
print $a7 = 5
print square(12)
print $a7
x/1xw 0x10012050
set *(unsigned*)0x10012050 = 9
x/1xw 0x10012050
x/2xb 0x10012050
print/x *(unsigned*)0x10012000
python
for expression in ("print *(unsigned*)0x40000000", "set *(unsigned*)0x10012004 = 1",
                   "set $mip = 0x800", "set $mepc = 0x20000000"):
    try: gdb.execute(expression)
    except gdb.error as e: print(e)
end
# n * n becomes n + n, in code that has been executed.
set *(unsigned*)square = 0x00a50533
print square(12)
continue
