/* Register map of the accelerator: the one description that firmware and models share.
 *
 * A block's registers are a list of X(name, offset, access, reset, text). Firmware reads the
 * offsets as enumerators (KRHN_DMA_DESCRIPTOR), the models build their register objects from the
 * same list. Every register is 32 bits wide and is accessed aligned and whole.
 *
 * access: RO  read only; a write is a bus error
 *         RW  read and write
 *         W1C read; writing a 1 clears the bit
 *         WO  write only; reads as zero
 */
#ifndef KARHUNEN_REGISTERS_H
#define KARHUNEN_REGISTERS_H

/* Tables, aligned by hand. */
/* clang-format off */

/* ---- Memory map ------------------------------------------------------------------------- */
#define KRHN_SIMULATION_CONTROL_BASE 0x00100000u
#define KRHN_CLINT_BASE 0x02000000u
#define KRHN_PLIC_BASE 0x0C000000u
#define KRHN_UART_BASE 0x10000000u
#define KRHN_BLOCK_BASE 0x10010000u
#define KRHN_BLOCK_BYTES 0x1000u
#define KRHN_SRAM_BASE 0x20000000u
#define KRHN_SRAM_BYTES 0x00040000u
#define KRHN_DDR_BASE 0x80000000u

#define KRHN_SIMULATION_CONTROL_BYTES 0x1000u
#define KRHN_CLINT_BYTES 0x10000u
#define KRHN_PLIC_BYTES 0x400000u
#define KRHN_UART_BYTES 0x100u

#define KRHN_BLOCK(n) (KRHN_BLOCK_BASE + KRHN_BLOCK_BYTES * (n))
#define KRHN_DMA_BASE KRHN_BLOCK(0)
#define KRHN_DDR_CONTROLLER_BASE KRHN_BLOCK(1)
#define KRHN_INPUT_DECODER_BASE KRHN_BLOCK(2)
#define KRHN_RESIDUAL_DECODER_BASE KRHN_BLOCK(3)
#define KRHN_COMPUTE_ARRAY_BASE KRHN_BLOCK(4)
#define KRHN_POST_PROCESSING_BASE KRHN_BLOCK(5)
#define KRHN_ENCODER_BASE KRHN_BLOCK(6)
#define KRHN_BUFFERS_BASE KRHN_BLOCK(7)

/* ---- Interrupt lines at the PLIC ---------------------------------------------------------- */
#define KRHN_IRQ_UART 1u
#define KRHN_IRQ_DMA 2u
#define KRHN_IRQ_DDR_CONTROLLER 3u
#define KRHN_IRQ_INPUT_DECODER 4u
#define KRHN_IRQ_RESIDUAL_DECODER 5u
#define KRHN_IRQ_COMPUTE_ARRAY 6u
#define KRHN_IRQ_POST_PROCESSING 7u
#define KRHN_IRQ_ENCODER 8u
#define KRHN_IRQ_SOURCES 9u /* source 0 does not exist */

/* ---- Simulation control, CLINT, PLIC ------------------------------------------------------- */
#define KRHN_SIMULATION_EXIT 0x00u     /* write: end the simulation with this exit code */
#define KRHN_SIMULATION_WATCHDOG 0x04u /* write: restart the watchdog */
#define KRHN_CLINT_MSIP 0x0000u
#define KRHN_CLINT_MTIMECMP 0x4000u
#define KRHN_CLINT_MTIME 0xBFF8u
#define KRHN_PLIC_PRIORITY 0x000000u
#define KRHN_PLIC_PENDING 0x001000u
#define KRHN_PLIC_ENABLE 0x002000u
#define KRHN_PLIC_THRESHOLD 0x200000u
#define KRHN_PLIC_CLAIM 0x200004u

/* ---- Bits that every block has in common ---------------------------------------------------- */
#define KRHN_CONTROL_START 0x1u /* queue the job described by the parameters; self-clearing */
#define KRHN_CONTROL_RESET 0x2u /* drop queued jobs and clear ERROR; only while not busy */
#define KRHN_STATUS_BUSY 0x1u   /* a job is running */
#define KRHN_STATUS_FULL 0x2u   /* the shadow job is taken: do not start another */
#define KRHN_IRQ_DONE 0x1u      /* a job has finished */
#define KRHN_IRQ_READY 0x2u     /* the shadow job moved on: another may be started */
#define KRHN_IRQ_ERROR 0x4u     /* ERROR is not zero */

/* ERROR, one bit per cause; a block in error finishes nothing until CONTROL.RESET */
#define KRHN_ERROR_START_WHEN_FULL 0x01u
#define KRHN_ERROR_PARAMETER 0x02u  /* a parameter is out of range or does not fit */
#define KRHN_ERROR_STREAM 0x04u     /* a compressed stream is malformed or ended early */
#define KRHN_ERROR_BUS 0x08u        /* a memory access was answered with an error */
#define KRHN_ERROR_CHECKSUM 0x10u   /* CRC-32 of a band does not match its tile table entry */
#define KRHN_ERROR_TABLE 0x20u      /* codec parameters malformed, or of another codec */
#define KRHN_ERROR_DESCRIPTOR 0x40u /* DMA descriptor malformed */

/* Registers at the start of every block. */
#define KRHN_COMMON_REGISTERS(X)                                                                   \
    X(ID, 0x00, RO, 0, "block identification: 'K', block number, version")                        \
    X(CONTROL, 0x04, WO, 0, "bit 0 start, bit 1 reset")                                            \
    X(STATUS, 0x08, RO, 0, "bit 0 busy, bit 1 full")                                               \
    X(IRQ_STATUS, 0x0C, W1C, 0, "bit 0 done, bit 1 ready for another job, bit 2 error")            \
    X(IRQ_ENABLE, 0x10, RW, 0, "which bits of IRQ_STATUS raise the interrupt line")                \
    X(ERROR, 0x14, W1C, 0, "causes of error, one bit each")                                        \
    X(JOBS_DONE, 0x18, RO, 0, "jobs finished since reset, modulo 2^32")

/* A codec job: one band through the encoder or a decoder. */
#define KRHN_ENCODER_REGISTERS(X)                                                                  \
    X(TAG, 0x40, RW, 0, "free for software; copied to statistics and waveforms (layer number)")    \
    X(CODEC, 0x44, RW, 0, "codec number, krhn_codec")                                              \
    X(FORMAT, 0x48, RW, 0, "format of the values in the output buffer, krhn_format")               \
    X(ROWS, 0x4C, RW, 0, "rows of the band")                                                       \
    X(WIDTH, 0x50, RW, 0, "values in a row of one channel")                                        \
    X(CHANNELS, 0x54, RW, 0, "channels")                                                           \
    X(ROW_SEQUENCE, 0x58, RW, 0, "sequence number of the band's first row in the output buffer")   \
    X(STREAMS, 0x5C, RW, 0, "substreams of the band, 1 to 12")                                     \
    X(TABLE_SEQUENCE, 0x60, RW, 0, "which loaded table: number of tables loaded before it")        \
    X(FLAGS, 0x64, RW, 0, "bit 0: release the table after this band")

#define KRHN_DECODER_REGISTERS(X)                                                                  \
    KRHN_ENCODER_REGISTERS(X)                                                                      \
    X(REGION, 0x68, RW, 0, "region of the buffer that takes the rows: 0 to 3")                     \
    X(REGION_BYTES, 0x6C, RW, 0, "most bytes of rows that the region may hold")

#define KRHN_CODEC_RELEASE_TABLE 0x1u

#define KRHN_COMPUTE_ARRAY_REGISTERS(X)                                                            \
    X(TAG, 0x40, RW, 0, "free for software; copied to statistics and waveforms (layer number)")    \
    X(KIND, 0x44, RW, 0, "0 convolution, 1 pass rows through to post-processing")                  \
    X(REGION, 0x48, RW, 0, "region of the activation buffer that holds the input rows")            \
    X(INPUT_SEQUENCE, 0x4C, RW, 0, "sequence number of row 0 of the input map")                    \
    X(INPUT_HEIGHT, 0x50, RW, 0, "rows of the input map")                                          \
    X(INPUT_WIDTH, 0x54, RW, 0, "columns of the input map")                                        \
    X(INPUT_CHANNELS, 0x58, RW, 0, "channels of the input map")                                    \
    X(OUTPUT_ROW, 0x5C, RW, 0, "first output row of the job")                                      \
    X(OUTPUT_ROWS, 0x60, RW, 0, "output rows of the job")                                          \
    X(OUTPUT_WIDTH, 0x64, RW, 0, "output columns")                                                 \
    X(OUTPUT_CHANNELS, 0x68, RW, 0, "output channels, all chunks together")                        \
    X(KERNEL, 0x6C, RW, 0, "kernel height << 8 | kernel width")                                    \
    X(STRIDE, 0x70, RW, 0, "vertical << 8 | horizontal")                                           \
    X(PADDING, 0x74, RW, 0, "top << 8 | left; bottom and right follow from the output size")       \
    X(WEIGHT_SEQUENCE, 0x78, RW, 0, "first weight chunk: number of chunks loaded before it")       \
    X(WEIGHT_CHUNKS, 0x7C, RW, 0, "weight chunks of the job")                                      \
    X(CHUNK_CHANNELS, 0x80, RW, 0, "output channels of each chunk; the last may have fewer")       \
    X(FLAGS, 0x84, RW, 0, "bits 1:0 release rows, 2 weights; 3 chunk outermost; 4 packed weights")   \
    X(DILATION, 0x88, RW, 0x0101, "from tap to tap of the kernel: vertical << 8 | horizontal")     \
    X(GROUPS, 0x8C, RW, 1, "groups of channels: an output channel takes those of its group alone")

#define KRHN_ARRAY_CONVOLUTION 0u
#define KRHN_ARRAY_PASS 1u
#define KRHN_ARRAY_RELEASE_NONE 0x0u    /* keep the input rows */
#define KRHN_ARRAY_RELEASE_SLIDING 0x1u /* free rows that no later output row needs */
#define KRHN_ARRAY_RELEASE_ALL 0x2u     /* free all rows of the map when the job ends */
#define KRHN_ARRAY_RELEASE_MASK 0x3u
#define KRHN_ARRAY_RELEASE_WEIGHTS 0x4u /* free each chunk after its last use in the job */
#define KRHN_ARRAY_CHUNK_OUTERMOST 0x8u /* all rows of a chunk, then the next */
#define KRHN_ARRAY_WEIGHTS_4_BIT 0x10u  /* chunks hold weights of 4 bits, two to a byte */
#define KRHN_ARRAY_WEIGHT_BITS(flags) ((flags) & KRHN_ARRAY_WEIGHTS_4_BIT ? 4u : 8u)

/* Post-processing takes the accumulator rows of one array job, in order. */
#define KRHN_POST_PROCESSING_REGISTERS(X)                                                          \
    X(TAG, 0x40, RW, 0, "free for software; copied to statistics and waveforms (layer number)")    \
    X(FLAGS, 0x44, RW, 0, "see KRHN_POST_...")                                                     \
    X(WIDTH, 0x48, RW, 0, "columns of the rows that come from the array")                          \
    X(ROWS, 0x4C, RW, 0, "rows that come from the array in this job")                              \
    X(CHANNELS, 0x50, RW, 0, "channels that come from the array, all chunks together")             \
    X(FORMAT, 0x54, RW, 0, "format of the result, krhn_format")                                    \
    X(SHIFT, 0x58, RW, 0, "right shift of the requantisation")                                     \
    X(MULTIPLIER, 0x5C, RW, 0, "multiplier where no weight chunk brings one (pass, average)")      \
    X(RESIDUAL_MULTIPLIER, 0x60, RW, 0, "multiplier of the residual operand")                      \
    X(RESIDUAL_SEQUENCE, 0x64, RW, 0, "sequence number of the first residual row")                 \
    X(OUTPUT_SEQUENCE, 0x68, RW, 0, "sequence number of the first result row in its buffer")       \
    X(POOL, 0x6C, RW, 0, "partial << 24 | kernel << 16 | stride << 8 | padding; square windows")   \
    X(POOL_HEIGHT, 0x70, RW, 0, "rows of the whole map before pooling")                            \
    X(POOL_ROW, 0x74, RW, 0, "index in that map of the first row of this job")                     \
    X(OUTPUT_ROWS, 0x78, RW, 0, "result rows of this job")                                         \
    X(RESIDUAL_REGION, 0x7C, RW, 0, "region of the residual buffer that the operand is read from") \
    X(RESULT_REGION, 0x80, RW, 0, "region of the buffer that takes the results; output: 0")        \
    X(ROW_CHANNELS, 0x84, RW, 0, "channels of a result row, if jobs make it together; 0: CHANNELS") \
    X(FIRST_CHANNEL, 0x88, RW, 0, "of the result row, that the job's channels begin at")

#define KRHN_POST_RELU 0x01u
#define KRHN_POST_RESIDUAL 0x02u         /* add the rows of the residual buffer */
#define KRHN_POST_RELEASE_RESIDUAL 0x04u /* free residual rows after their last use in the job */
#define KRHN_POST_TO_RESIDUAL 0x08u      /* results go to the residual buffer (shortcut) */
#define KRHN_POST_MAX_POOL 0x10u         /* after requantisation */
#define KRHN_POST_AVERAGE_POOL 0x20u     /* sum of the window, requantised once */
#define KRHN_POST_CHUNKED_ROWS 0x40u     /* rows come once per chunk, all rows of a chunk first */
#define KRHN_POST_TO_INPUT 0x80u         /* results go to the activation buffer (sums) */

/* POOL, partial: windows that begin in the map (or in the padding before it) and end behind it count,
 * too; else only those that fit the map with its padding. */
#define KRHN_POOL_PARTIAL 0x01000000u

/* Activation and residual buffer have regions, each with rows of its own and a limit. */
#define KRHN_BUFFER_REGIONS 4u

/* Sizes, so that software can refuse a loadable made for a larger machine. */
#define KRHN_BUFFERS_REGISTERS(X)                                                                  \
    X(WEIGHT_BYTES, 0x40, RO, 0, "size of the weight buffer")                                      \
    X(ACTIVATION_BYTES, 0x44, RO, 0, "size of the activation buffer")                              \
    X(OUTPUT_BYTES, 0x48, RO, 0, "size of the output buffer")                                      \
    X(RESIDUAL_BYTES, 0x4C, RO, 0, "size of the residual buffer")                                  \
    X(TABLE_BYTES, 0x50, RO, 0, "size of the table memory of the encoder and of each decoder")     \
    X(WEIGHT_PEAK, 0x54, RO, 0, "most bytes ever held")                                            \
    X(ACTIVATION_PEAK, 0x58, RO, 0, "most bytes ever held")                                        \
    X(OUTPUT_PEAK, 0x5C, RO, 0, "most bytes ever held")                                            \
    X(RESIDUAL_PEAK, 0x60, RO, 0, "most bytes ever held")

/* The DMA has channels; each has its own control and status from 0x40 + 0x20 * channel. In
 * IRQ_STATUS of the block, bit c says "a chain of channel c is done", bit 8 + c "channel c can
 * take another chain", bit 16 + c "channel c is in error". */
#define KRHN_DMA_CHANNELS 8u
#define KRHN_DMA_CHANNEL(c) (0x40u + 0x20u * (c))
#define KRHN_DMA_CHANNEL_REGISTERS(X)                                                              \
    X(DESCRIPTOR, 0x00, RW, 0, "address of the first descriptor of the chain, aligned to 4")       \
    X(CHANNEL_CONTROL, 0x04, WO, 0, "bit 0 start, bit 1 reset")                                    \
    X(CHANNEL_STATUS, 0x08, RO, 0, "bit 0 busy, bit 1 full")                                       \
    X(CHANNEL_ERROR, 0x0C, RO, 0, "causes of error, one bit each")                                 \
    X(ERROR_ADDRESS, 0x10, RO, 0, "address of the access or descriptor that failed")               \
    X(CHAINS_DONE, 0x14, RO, 0, "chains finished since reset, modulo 2^32")
#define KRHN_DMA_IRQ_DONE(c) (1u << (c))
#define KRHN_DMA_IRQ_READY(c) (1u << (8u + (c)))
#define KRHN_DMA_IRQ_ERROR(c) (1u << (16u + (c)))

#define KRHN_DDR_CONTROLLER_REGISTERS(X)                                                           \
    X(SIZE_MIB, 0x40, RO, 0, "size of the memory")                                                 \
    X(CLOCK_KHZ, 0x44, RO, 0, "clock of the command bus")                                          \
    X(READ_KIB, 0x48, RO, 0, "KiB read since reset")                                               \
    X(WRITTEN_KIB, 0x4C, RO, 0, "KiB written since reset")

/* ---- Enumerators for firmware: KRHN_<BLOCK>_<REGISTER> is the offset in the block, with BLOCK one
 * of ENCODER, DECODER, ARRAY, POST, BUFFERS, DMA, DDR. Those that all blocks have are
 * KRHN_<REGISTER>: KRHN_STATUS. ------------------------------------------------------------------ */
#define KRHN_OFFSET_COMMON(name, offset, access, reset, text) KRHN_##name = (offset),
#define KRHN_OFFSET_ENCODER(name, offset, access, reset, text) KRHN_ENCODER_##name = (offset),
#define KRHN_OFFSET_DECODER(name, offset, access, reset, text) KRHN_DECODER_##name = (offset),
#define KRHN_OFFSET_ARRAY(name, offset, access, reset, text) KRHN_ARRAY_##name = (offset),
#define KRHN_OFFSET_POST(name, offset, access, reset, text) KRHN_POST_##name = (offset),
#define KRHN_OFFSET_BUFFERS(name, offset, access, reset, text) KRHN_BUFFERS_##name = (offset),
#define KRHN_OFFSET_DMA(name, offset, access, reset, text) KRHN_DMA_##name = (offset),
#define KRHN_OFFSET_DDR(name, offset, access, reset, text) KRHN_DDR_##name = (offset),
enum krhn_register_offset {
    KRHN_COMMON_REGISTERS(KRHN_OFFSET_COMMON)
    KRHN_ENCODER_REGISTERS(KRHN_OFFSET_ENCODER)
    KRHN_DECODER_REGISTERS(KRHN_OFFSET_DECODER)
    KRHN_COMPUTE_ARRAY_REGISTERS(KRHN_OFFSET_ARRAY)
    KRHN_POST_PROCESSING_REGISTERS(KRHN_OFFSET_POST)
    KRHN_BUFFERS_REGISTERS(KRHN_OFFSET_BUFFERS)
    KRHN_DMA_CHANNEL_REGISTERS(KRHN_OFFSET_DMA)
    KRHN_DDR_CONTROLLER_REGISTERS(KRHN_OFFSET_DDR)
};

#endif
