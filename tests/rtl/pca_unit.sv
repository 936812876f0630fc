// PCA unit with its quantiser: transform_forward of models/arithmetic/transform.h.
//
//   y[k] = sum over c of matrix[k][c] * (x[c] - mean[c])
//   q[k] = clamp((y[k] * scale[k] + half) >> shift, low, high)
//
// A vector comes in MULTIPLIERS values a clock, channel word * MULTIPLIERS + lane; it is worked on
// while the next one comes in. MULTIPLIERS products a clock, so a symbol takes `words` clocks.
// The whole pipeline stands still while a symbol is not taken. Tables and parameters may change
// while no vector is inside. Lanes beyond the channels have weight 0 in the matrix.
module pca_unit #(
    parameter int MULTIPLIERS = 16,  // at least 2
    parameter int CHANNELS = 64,  // most; a multiple of MULTIPLIERS
    parameter int INPUT_BITS = 12,
    parameter int MATRIX_BITS = 8,
    parameter int SYMBOL_BITS = 12,  // signed; the lower 11 number 2,047 levels
    localparam int WORDS = CHANNELS / MULTIPLIERS,
    localparam int WORD_BITS = WORDS > 1 ? $clog2(WORDS) : 1,
    localparam int COMPONENT_BITS = $clog2(CHANNELS),
    localparam int ADDRESS_BITS = $clog2(CHANNELS * WORDS),
    localparam int LOAD_BITS = MULTIPLIERS * INPUT_BITS > 31 ? MULTIPLIERS * INPUT_BITS : 31
) (
    input  logic                              clk,
    input  logic                              rst_n,
    // tables: 0 matrix, word k * words + w; 1 mean, word w; 2 scale, component k
    input  logic                              load_valid,
    input  logic [1:0]                        load_table,
    input  logic [ADDRESS_BITS-1:0]           load_address,
    input  logic [LOAD_BITS-1:0]              load_data,  // lane 0 lowest
    input  logic [WORD_BITS-1:0]              last_word,  // words of a vector - 1
    input  logic [COMPONENT_BITS-1:0]         last_component,
    input  logic [5:0]                        shift,
    input  logic signed [SYMBOL_BITS-1:0]     low,
    input  logic signed [SYMBOL_BITS-1:0]     high,
    input  logic                              in_valid,
    output logic                              in_ready,
    input  logic [MULTIPLIERS*INPUT_BITS-1:0] in_values,  // signed, lane 0 lowest
    input  logic                              in_last,  // of the band, with its last word
    output logic                              out_valid,
    input  logic                              out_ready,
    output logic signed [SYMBOL_BITS-1:0]     out_symbol,
    output logic                              out_last
);
  localparam int CENTRED_BITS = INPUT_BITS + 1;
  localparam int PRODUCT_BITS = CENTRED_BITS + MATRIX_BITS;
  localparam int TREE_BITS = PRODUCT_BITS + $clog2(MULTIPLIERS);
  localparam int SUM_BITS = PRODUCT_BITS + $clog2(CHANNELS);
  localparam int SUM_STAGE = 2 + $clog2(MULTIPLIERS);  // operands, products, tree
  localparam int RESCALE_STAGES = 4;

  logic enable;
  assign enable = !out_valid || out_ready;

  // Two vectors.
  (* ram_style = "distributed" *)
  logic [MULTIPLIERS*INPUT_BITS-1:0] vectors[2 << WORD_BITS];
  (* ram_style = "distributed" *)
  logic [MULTIPLIERS*INPUT_BITS-1:0] means[1 << WORD_BITS];
  logic write_half, read_half;
  logic [1:0] filled, of_band_end;
  logic [WORD_BITS-1:0] write_word, word;
  logic [COMPONENT_BITS-1:0] component;
  logic [ADDRESS_BITS-1:0] matrix_address;
  logic take, work, component_ends, vector_ends;

  assign in_ready = !filled[write_half];
  assign take = in_valid && in_ready;
  assign work = enable && filled[read_half];
  assign component_ends = word == last_word;
  assign vector_ends = component_ends && component == last_component;

  always_ff @(posedge clk) begin
    if (take) vectors[{write_half, write_word}] <= in_values;
    if (take && write_word == last_word) of_band_end[write_half] <= in_last;
    if (!rst_n) begin
      write_half <= 1'b0;
      read_half <= 1'b0;
      filled <= '0;
      write_word <= '0;
      word <= '0;
      component <= '0;
      matrix_address <= '0;
    end else begin
      if (take) begin
        write_word <= write_word == last_word ? '0 : write_word + 1'b1;
        if (write_word == last_word) begin
          filled[write_half] <= 1'b1;
          write_half <= !write_half;
        end
      end
      if (work) begin
        word <= component_ends ? '0 : word + 1'b1;
        if (component_ends) component <= vector_ends ? '0 : component + 1'b1;
        matrix_address <= vector_ends ? '0 : matrix_address + 1'b1;
        if (vector_ends) begin
          filled[read_half] <= 1'b0;
          read_half <= !read_half;
        end
      end
    end
  end

  // Operands, products, their sum.
  (* ram_style = "block" *)
  logic [MULTIPLIERS*MATRIX_BITS-1:0] matrix[1 << ADDRESS_BITS];
  logic [MULTIPLIERS*MATRIX_BITS-1:0] weights;
  logic [MULTIPLIERS*INPUT_BITS-1:0] values, mean;
  logic [MULTIPLIERS*PRODUCT_BITS-1:0] products;
  logic signed [TREE_BITS-1:0] tree_sum;

  assign values = vectors[{read_half, word}];
  assign mean = means[word];

  always_ff @(posedge clk) begin
    if (load_valid && load_table == 2'd0)
      matrix[load_address] <= load_data[MULTIPLIERS*MATRIX_BITS-1:0];
    if (load_valid && load_table == 2'd1)
      means[load_address[WORD_BITS-1:0]] <= load_data[MULTIPLIERS*INPUT_BITS-1:0];
    if (enable) weights <= matrix[matrix_address];
  end

  for (genvar i = 0; i < MULTIPLIERS; i++) begin : g_lane
    logic signed [INPUT_BITS-1:0] lane_value, lane_mean;
    logic signed [CENTRED_BITS-1:0] centred;
    logic signed [MATRIX_BITS-1:0] weight;
    logic signed [PRODUCT_BITS-1:0] product;
    assign lane_value = values[i*INPUT_BITS+:INPUT_BITS];
    assign lane_mean = mean[i*INPUT_BITS+:INPUT_BITS];
    assign weight = weights[i*MATRIX_BITS+:MATRIX_BITS];
    always_ff @(posedge clk) begin
      if (enable) begin
        centred <= CENTRED_BITS'(lane_value) - CENTRED_BITS'(lane_mean);
        product <= centred * weight;
      end
    end
    assign products[i*PRODUCT_BITS+:PRODUCT_BITS] = product;
  end

  adder_tree #(
      .TERMS(MULTIPLIERS),
      .BITS (PRODUCT_BITS)
  ) tree (
      .clk,
      .enable,
      .in_terms(products),
      .out_sum(tree_sum)
  );

  // What the words are, on their way down to the sum: bit i is SUM_STAGE - i stages before it.
  logic [SUM_STAGE-1:0] valid, starts, ends, ends_vector, ends_band;
  logic [RESCALE_STAGES:0] sum_valid, sum_last;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      valid <= '0;
      sum_valid <= '0;
    end else if (enable) begin
      valid <= {valid[SUM_STAGE-2:0], filled[read_half]};
      sum_valid <= {sum_valid[RESCALE_STAGES-1:0], valid[SUM_STAGE-1] && ends[SUM_STAGE-1]};
    end
    if (enable) begin
      starts <= {starts[SUM_STAGE-2:0], word == '0};
      ends <= {ends[SUM_STAGE-2:0], component_ends};
      ends_vector <= {ends_vector[SUM_STAGE-2:0], vector_ends};
      ends_band <= {ends_band[SUM_STAGE-2:0], vector_ends && of_band_end[read_half]};
      sum_last <= {sum_last[RESCALE_STAGES-1:0], ends_band[SUM_STAGE-1]};
    end
  end

  // Accumulator, and the scale of its component beside it.
  (* ram_style = "block" *)
  logic [30:0] scales[1 << COMPONENT_BITS];
  logic [COMPONENT_BITS-1:0] sum_component;
  logic [30:0] scale;
  logic signed [SUM_BITS-1:0] sum;

  always_ff @(posedge clk) begin
    if (load_valid && load_table == 2'd2)
      scales[load_address[COMPONENT_BITS-1:0]] <= load_data[30:0];
    if (enable) begin
      sum <= SUM_BITS'(tree_sum) + (starts[SUM_STAGE-1] ? '0 : sum);
      scale <= scales[sum_component];
    end
    if (!rst_n) sum_component <= '0;
    else if (enable && valid[SUM_STAGE-1] && ends[SUM_STAGE-1])
      sum_component <= ends_vector[SUM_STAGE-1] ? '0 : sum_component + 1'b1;
  end

  rescaler #(
      .IN_BITS (SUM_BITS),
      .OUT_BITS(SYMBOL_BITS)
  ) quantiser (
      .clk,
      .enable,
      .in_value(sum),
      .in_multiplier(scale),
      .shift,
      .low,
      .high,
      .out_value(out_symbol)
  );

  assign out_valid = sum_valid[RESCALE_STAGES];
  assign out_last = sum_last[RESCALE_STAGES];
endmodule
