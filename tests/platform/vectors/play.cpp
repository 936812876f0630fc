// play huffman|ebpc|pca +NAME=VALUE ..: a bench in SystemVerilog, which reads its vectors itself.
#include <cstdio>
#include <string>

#include <verilated.h>
#include <Vplay_ebpc.h>
#include <Vplay_huffman.h>
#include <Vplay_pca.h>

namespace {

template <typename Top>
void play(VerilatedContext& context) {
    Top top(&context);
    while (!context.gotFinish()) {
        top.clk = 0;
        top.eval();
        top.clk = 1;
        top.eval();
    }
    top.final();
}

}  // namespace

int main(int count, char** words) {
    const std::string block = count > 1 ? words[1] : "";
    VerilatedContext context;
    context.commandArgs(count, words);
    if (block == "huffman")
        play<Vplay_huffman>(context);
    else if (block == "ebpc")
        play<Vplay_ebpc>(context);
    else if (block == "pca")
        play<Vplay_pca>(context);
    else
        return std::fprintf(stderr, "expected huffman, ebpc or pca\n"), 2;
}
