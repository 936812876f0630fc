// Both encoders next to the golden library. The clock comes from outside.
module golden_bench (
    input  logic        clk,
    input  logic        rst_n,
    input  int unsigned seed,
    output logic        done,
    output logic        failed
);
  logic huffman_done, huffman_failed, ebpc_done, ebpc_failed;
  int unsigned huffman_words, ebpc_words;

  golden_huffman_bench huffman (
      .clk,
      .rst_n,
      .seed,
      .done(huffman_done),
      .words(huffman_words),
      .failed(huffman_failed)
  );
  golden_ebpc_bench ebpc (
      .clk,
      .rst_n,
      .seed,
      .done(ebpc_done),
      .words(ebpc_words),
      .failed(ebpc_failed)
  );
  assign done = huffman_done && ebpc_done;
  assign failed = huffman_failed || ebpc_failed;

  final
    $display("libkarhunen_golden %s: huffman_encoder %0d words %0s, ebpc_encoder %0d words %0s",
             karhunen_golden_pkg::karhunen_version(), huffman_words,
             huffman_failed ? "MISMATCH" : "equal", ebpc_words, ebpc_failed ? "MISMATCH" : "equal");
endmodule
