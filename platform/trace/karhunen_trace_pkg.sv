// Reads a symbolic trace (README.md) and does its actions on a bus that the bench brings: extend
// trace_bus by tasks that drive the RTL, then `reader.run("run.ktr", bus)`.
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
        bit is_bad;                       // the text: reading has ended there

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
            if (!next_word(word) || word != "karhunen-trace") bad("is no symbolic trace");
            else if (number() != 1) bad("has another version than 1");
            while (!is_bad && next_word(word)) action(word);
            $fclose(file);
            if (memory != 0) $fclose(memory);
        endtask

        protected function void bad(input string what);
            $display("%s:%0d: %s", path, line, what);
            is_bad = 1;
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

        // The next word that is not in a comment; 0 at the end of the file.
        protected function bit next_word(output string word);
            int unsigned first;
            forever begin
                while (at < text.len() && is_space(text[at])) at++;
                if (at < text.len() && text[at] != "#") break;
                if ($fgets(text, file) == 0) return 0;
                line++;
                at = 0;
            end
            first = at;
            while (at < text.len() && !is_space(text[at])) at++;
            word = text.substr(first, at - 1);
            return 1;
        endfunction

        protected function bit is_space(input byte letter);
            return letter == " " || letter == "\t" || letter == "\n" || letter == "\r";
        endfunction

        // 0x... or decimal
        protected function longint unsigned number();
            string word;
            longint unsigned value = 0;
            if (!next_word(word)) begin
                bad("ends in the middle");
                return 0;
            end
            if (word.len() > 2 && word[0] == "0" && word[1] == "x") begin
                for (int i = 2; i < word.len(); i++) value = value * 16 + digit(word[i]);
            end else begin
                for (int i = 0; i < word.len(); i++) value = value * 10 + digit(word[i]);
            end
            return value;
        endfunction

        protected function longint unsigned digit(input byte letter);
            if (letter >= "0" && letter <= "9") return longint'(letter) - "0";
            if (letter >= "a" && letter <= "f") return longint'(letter) - "a" + 10;
            if (letter >= "A" && letter <= "F") return longint'(letter) - "A" + 10;
            bad("a number was expected");
            return 0;
        endfunction

        protected task action(input string word);
            condition_t c;
            case (word)
                "memory": open_memory();
                "reg_write": begin
                    c = register_of();
                    c.value = 32'(number());
                    if (!is_bad) bus.write(c.address, c.bytes, c.value);
                    actions++;
                end
                "reg_read": begin
                    c = register_of();
                    c.value = 32'(number());
                    c.mask = 32'(number());
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
            if (!next_word(name)) bad("ends in the middle");
            memory = $fopen({folder, name}, "rb");
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
            if (!next_word(name)) bad("ends in the middle");
            else if (!find_register(name, c.address, c.bytes))
                bad({"'", name, "' is no register"});
            c.name = name;
            return c;
        endfunction

        // Behind the word.
        protected function condition_t poll_of(input string word);
            condition_t c = register_of();
            c.is_counter = word == "poll_least";
            if (!c.is_counter) c.mask = 32'(number());
            c.value = 32'(number());
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
            if (!next_word(name)) bad("ends in the middle");
            source = find_interrupt(name);
            if (source == 0) bad({"'", name, "' has no interrupt"});
            count = 32'(number());
            for (int unsigned i = 0; i < count && !is_bad; i++) begin
                if (!next_word(word) || (word != "poll" && word != "poll_least"))
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
            longint unsigned offset;
            address = 32'(number());
            bytes = 32'(number());
            crc_expected = 32'(number());
            crc = '1;
            if (!next_word(form)) bad("ends in the middle");
            if (form == "file") begin
                offset = number();
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
                    if (i % 4 == 0) word = 32'(number());
                    data = word[7:0];
                    word = word >> 8;
                end
                crc = crc_step(crc, data);
                bus.store_byte(address + i, data);
            end
            if (!is_bad && ~crc != crc_expected) mismatch(line, "crc of the data", ~crc, crc_expected);
        endtask

        protected task mem_check();
            logic [31:0] address, bytes, crc_expected, crc;
            logic [7:0] data;
            address = 32'(number());
            bytes = 32'(number());
            crc_expected = 32'(number());
            crc = '1;
            for (int unsigned i = 0; i < bytes && !is_bad; i++) begin
                data = bus.fetch_byte(address + i);
                crc = crc_step(crc, data);
            end
            if (~crc != crc_expected) mismatch(line, $sformatf("crc of memory at %08h", address), ~crc, crc_expected);
        endtask
    endclass

endpackage
