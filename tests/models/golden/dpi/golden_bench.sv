// All blocks, each next to the golden library. The clock comes from outside.
module golden_bench (
    input  logic        clk,
    input  logic        rst_n,
    input  int unsigned seed,
    output logic        done,
    output logic        failed
);
  int unsigned encoded, decoded, transformed, packed_words;
  logic [3:0] all_done, all_failed;

  golden_huffman_encoder_bench huffman_encoder (
      .clk,
      .rst_n,
      .seed,
      .done(all_done[0]),
      .words(encoded),
      .failed(all_failed[0])
  );
  golden_huffman_decoder_bench huffman_decoder (
      .clk,
      .rst_n,
      .seed,
      .done(all_done[1]),
      .symbols(decoded),
      .failed(all_failed[1])
  );
  golden_pca_bench pca (
      .clk,
      .rst_n,
      .seed,
      .done(all_done[2]),
      .symbols(transformed),
      .failed(all_failed[2])
  );
  golden_ebpc_bench ebpc (
      .clk,
      .rst_n,
      .seed,
      .done(all_done[3]),
      .words(packed_words),
      .failed(all_failed[3])
  );
  assign done = &all_done;
  assign failed = |all_failed;

  function automatic void say(string block, int unsigned count, string what, logic is_failed);
    $display("%0s %0d %0s %0s", block, count, what, is_failed ? "MISMATCH" : "equal");
  endfunction

  final begin
    $display("libkarhunen_golden %0s", karhunen_golden_pkg::karhunen_version());
    say("huffman_encoder", encoded, "words", all_failed[0]);
    say("huffman_decoder", decoded, "symbols", all_failed[1]);
    say("pca_unit", transformed, "symbols", all_failed[2]);
    say("ebpc_encoder", packed_words, "words", all_failed[3]);
  end
endmodule
