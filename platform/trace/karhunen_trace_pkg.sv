// Reads a symbolic trace (README.md) and does its actions on a bus that the bench brings: extend
// trace_bus by tasks that drive the RTL, then
//     trace_bus target;
//     target = bus;  // Verilator 5.006 takes no handle of the extended class as the argument
//     reader.run("run.ktr", target);
// Off, as Verilator 5.006 does not see what methods of classes do with their arguments.
// verilator lint_off DECLFILENAME
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNDRIVEN
package karhunen_trace_pkg;

    import karhunen_registers_pkg::*;

    // What a bench can do. Tasks may take time. (They are not pure as Verilator 5.006 takes a pure
    // task for one that takes none.)
    virtual class trace_bus;
        virtual task write(input logic [31:0] address, input int unsigned bytes,
                           input logic [31:0] value);
            #1;
        endtask
        virtual task read(input logic [31:0] address, input int unsigned bytes,
                          output logic [31:0] value);
            #1;
        endtask
        // Memory by the back door.
        pure virtual function void store_byte(input logic [31:0] address,
                                              input logic [7:0] value);
        pure virtual function logic [7:0] fetch_byte(input logic [31:0] address);
        // The interrupt line of a source, and what acknowledging it takes (a claim at the PLIC).
        pure virtual function bit irq_pending(input int unsigned source);
        virtual task claim(input int unsigned source);
            #1;
        endtask
        // Time passes between two looks at what is waited for.
        virtual task pause();
            #1;
        endtask
    endclass

    // One poll, or one register access.
    typedef struct {
        string name;
        int unsigned line;
        logic [31:0] address;
        int unsigned bytes;
        logic [31:0] mask, value;
        bit is_counter;  // at value or beyond
    } condition_t;

    class trace_reader;
        int unsigned actions, mismatches, told_together;
        int unsigned patience = 1000000;  // looks at what is waited for, before giving up
        bit is_bad;                       // the text: reading has ended there, with a mismatch

        protected int file, memory;
        protected string path, folder;
        protected string text;       // the line that is read
        protected int unsigned line, at;  // its number; how much of it is read
        protected trace_bus bus;

        task run(input string trace_path, input trace_bus target);
            string word;
            path = trace_path;
            bus = target;
            actions = 0;
            mismatches = 0;
            told_together = 0;
            is_bad = 0;
            memory = 0;
            text = "";
            line = 0;
            at = 0;
            find_folder();
            file = $fopen(path, "r");
            if (file == 0) begin
                bad("cannot be opened");
                return;
            end
            if (!next_line(word) || word != "karhunen-trace") bad("is no symbolic trace");
            else if (number() != 1) bad("has another version than 1");
            while (!is_bad && next_line(word)) action(word);
            $fclose(file);
            if (memory != 0) $fclose(memory);
        endtask

        // Once. Also a mismatch, so that a bench that looks at those alone does not pass.
        protected function void bad(input string what);
            if (is_bad) return;
            $display("%s:%0d: %s", path, line, what);
            is_bad = 1;
            mismatches++;
        endfunction

        protected function void mismatch(input int unsigned of_line, input string what,
                                         input logic [31:0] found, input logic [31:0] expected);
            $display("%s:%0d: %s: found %08h, expected %08h", path, of_line, what, found,
                     expected);
            mismatches++;
        endfunction

        protected function void find_folder();
            int end_at = 0;
            for (int i = 0; i < path.len(); i++)
                if (path[i] == "/") end_at = i + 1;
            folder = end_at == 0 ? "" : path.substr(0, end_at - 1);
        endfunction

        // The first word of the next line that has one; 0 at the end of the file.
        protected function bit next_line(output string word);
            if (has_word()) begin
                bad("the line goes on behind its last field");
                return 0;
            end
            do begin
                if ($fgets(text, file) == 0) return 0;
                line++;
                at = 0;
            end while (!has_word());
            return next_word(word);
        endfunction

        // The next word of this line.
        protected function bit next_word(output string word);
            int unsigned first;
            if (!has_word()) begin
                bad("the line ends in the middle");
                return 0;
            end
            first = at;
            while (at < text.len() && !is_space(text[at])) at++;
            word = text.substr(first, at - 1);
            return 1;
        endfunction

        // Does this line go on, and not with a comment?
        protected function bit has_word();
            while (at < text.len() && is_space(text[at])) at++;
            return at < text.len() && text[at] != "#";
        endfunction

        protected function bit is_space(input byte letter);
            return letter == " " || letter == "\t" || letter == "\n" || letter == "\r";
        endfunction

        // 0x... or decimal
        protected function logic [31:0] number(input logic [31:0] most = '1);
            string word;
            longint unsigned value = 0, base = 10;
            int first = 0;
            if (!next_word(word)) return 0;
            if (word.len() > 2 && word[0] == "0" && word[1] == "x") begin
                base = 16;
                first = 2;
            end
            for (int i = first; i < word.len() && !is_bad; i++) begin
                value = value * base + digit(word[i], base);
                if (value > 64'(most)) bad($sformatf("%s is above 0x%0h", word, most));
            end
            return 32'(value);
        endfunction

        protected function longint unsigned digit(input byte letter, input longint unsigned base);
            if (letter >= "0" && letter <= "9") return longint'(letter) - "0";
            if (base == 16 && letter >= "a" && letter <= "f") return longint'(letter) - "a" + 10;
            if (base == 16 && letter >= "A" && letter <= "F") return longint'(letter) - "A" + 10;
            bad("a number was expected");
            return 0;
        endfunction

        protected task action(input string word);
            condition_t c;
            case (word)
                "memory": open_memory();
                "reg_write": begin
                    c = register_of();
                    c.value = number(most_of(c));
                    if (!is_bad) bus.write(c.address, c.bytes, c.value);
                    actions++;
                end
                "reg_read": begin
                    c = register_of();
                    c.value = number(most_of(c));
                    c.mask = number(most_of(c));
                    if (!is_bad) compare(c);
                    actions++;
                end
                "poll", "poll_least": begin
                    c = poll_of(word);
                    if (!is_bad) wait_for(c);
                    actions++;
                end
                "wait_irq": wait_irq();
                "mem_load": begin mem_load(); actions++; end
                "mem_check": begin mem_check(); actions++; end
                default: bad({"'", word, "' is no action"});
            endcase
        endtask

        protected task open_memory();
            string name;
            if (next_word(name)) memory = $fopen({folder, name}, "rb");
            if (memory == 0) bad({name, " cannot be opened"});
        endtask

        protected function condition_t register_of();
            condition_t c;
            string name;
            c.line = line;
            c.mask = '1;
            c.value = 0;
            c.is_counter = 0;
            c.address = 0;
            c.bytes = 4;
            if (!next_word(name)) return c;  // not in one line with the next, as in wait_irq
            if (!find_register(name, c.address, c.bytes)) bad({"'", name, "' is no register"});
            c.name = name;
            return c;
        endfunction

        // The largest value that the register has room for.
        protected function logic [31:0] most_of(input condition_t c);
            return 32'hFFFFFFFF >> (32 - 8 * c.bytes);
        endfunction

        // Behind the word.
        protected function condition_t poll_of(input string word);
            condition_t c = register_of();
            c.is_counter = word == "poll_least";
            if (!c.is_counter) c.mask = number(most_of(c));
            c.value = number(most_of(c));
            return c;
        endfunction

        protected task compare(input condition_t c);
            logic [31:0] found;
            bus.read(c.address, c.bytes, found);
            if (((found ^ c.value) & c.mask) != 0)
                mismatch(c.line, $sformatf("%s at %08h", c.name, c.address), found, c.value);
        endtask

        protected task holds(input condition_t c, output bit yes, output logic [31:0] found);
            logic [31:0] beyond;
            bus.read(c.address, c.bytes, found);
            beyond = found - c.value;
            yes = c.is_counter ? !beyond[31] : ((found ^ c.value) & c.mask) == 0;
        endtask

        protected task wait_for(input condition_t c);
            bit yes;
            logic [31:0] found;
            for (int unsigned i = 0; i < patience; i++) begin
                holds(c, yes, found);
                if (yes) return;
                bus.pause();
            end
            mismatch(c.line, $sformatf("%s at %08h polled in vain under mask %08h", c.name, c.address,
                                       c.mask), found, c.value);
        endtask

        // Interrupts may come together that came one after the other: then what this one told is
        // true already, and none is pending.
        protected task wait_irq();
            string word;
            int unsigned source, count, own_line;
            condition_t told[$];
            condition_t c;
            bit yes;
            logic [31:0] found;
            string name;
            own_line = line;
            if (!next_word(name)) return;
            source = find_interrupt(name);
            if (source == 0) bad({"'", name, "' has no interrupt"});
            count = number(64);
            for (int unsigned i = 0; i < count && !is_bad; i++) begin
                if (!next_line(word) || (word != "poll" && word != "poll_least"))
                    bad("conditions of an interrupt are polls");
                else begin
                    c = poll_of(word);
                    told.push_back(c);
                end
            end
            if (is_bad) return;
            for (int unsigned i = 0; ; i++) begin
                if (bus.irq_pending(source)) begin
                    bus.claim(source);
                    break;
                end
                yes = told.size() > 0;
                for (int k = 0; k < told.size() && yes; k++) holds(told[k], yes, found);
                if (yes) begin  // not in one line: && does not keep Verilator 5.006 from asking
                    if (!bus.irq_pending(source)) begin
                        told_together++;
                        break;
                    end
                end
                if (i == patience) begin
                    mismatch(own_line, {"no interrupt of ", name, " came"}, 0, source);
                    break;
                end
                bus.pause();
            end
            actions++;
            for (int k = 0; k < told.size(); k++) begin
                wait_for(told[k]);
                actions++;
            end
        endtask

        // CRC-32 of IEEE 802.3, a byte at a time.
        protected function logic [31:0] crc_step(input logic [31:0] crc, input logic [7:0] data);
            crc_step = crc ^ {24'b0, data};
            repeat (8) crc_step = (crc_step >> 1) ^ (crc_step[0] ? 32'hEDB88320 : 32'h0);
        endfunction

        protected task mem_load();
            logic [31:0] address, bytes, crc_expected, crc, word;
            logic [7:0] data;
            string form;
            logic [31:0] offset;
            address = number();
            bytes = number();
            crc_expected = number();
            crc = '1;
            if (!next_word(form)) return;
            if (form == "file") begin
                offset = number(32'h7FFFFFFF);  // an int, for $fseek
                if (memory == 0) bad("no memory file was named");
                else if ($fseek(memory, int'(offset), 0) != 0) bad("the memory file is too short");
            end else if (form != "hex") bad({"'", form, "' is neither hex nor file"});
            word = 0;
            for (int unsigned i = 0; i < bytes && !is_bad; i++) begin
                if (form == "file") begin
                    word = 32'($fgetc(memory));
                    if (word[31]) bad("the memory file is too short");
                    data = word[7:0];
                end else begin
                    if (i % 4 == 0) word = number();
                    data = word[7:0];
                    word = word >> 8;
                end
                crc = crc_step(crc, data);
                if (!is_bad) bus.store_byte(address + i, data);
            end
            if (!is_bad && ~crc != crc_expected)
                mismatch(line, "crc of the data", ~crc, crc_expected);
        endtask

        protected task mem_check();
            logic [31:0] address, bytes, crc_expected, crc;
            logic [7:0] data;
            address = number();
            bytes = number();
            crc_expected = number();
            crc = '1;
            for (int unsigned i = 0; i < bytes && !is_bad; i++) begin
                data = bus.fetch_byte(address + i);
                crc = crc_step(crc, data);
            end
            if (!is_bad && ~crc != crc_expected)
                mismatch(line, $sformatf("crc of memory at %08h", address), ~crc, crc_expected);
        endtask
    endclass

endpackage
