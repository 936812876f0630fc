/* Made by `karhunen registers` of sw/include/karhunen/registers.h; `make registers` makes it again.
 * For C and assembly without lists of X. Firmware of this project includes
 * <karhunen/registers.h>. */
#ifndef KARHUNEN_REGISTER_CONSTANTS_H
#define KARHUNEN_REGISTER_CONSTANTS_H

#define KARHUNEN_SIMULATION_CONTROL_BASE 0x100000 /* ends the simulation */
#define KARHUNEN_SIMULATION_CONTROL_BYTES 0x1000
#define KARHUNEN_CLINT_BASE 0x2000000 /* timer and software interrupt */
#define KARHUNEN_CLINT_BYTES 0x10000
#define KARHUNEN_CLINT_MSIP_PENDING_MASK 0x1 /* drives the software interrupt line */
#define KARHUNEN_PLIC_BASE 0xC000000 /* interrupt controller */
#define KARHUNEN_PLIC_BYTES 0x400000
#define KARHUNEN_PLIC_PENDING_SOURCES_MASK 0x1FE /* one bit per source */
#define KARHUNEN_PLIC_PENDING_SOURCES_SHIFT 0x1
#define KARHUNEN_PLIC_ENABLE_SOURCES_MASK 0x1FE /* one bit per source */
#define KARHUNEN_PLIC_ENABLE_SOURCES_SHIFT 0x1
#define KARHUNEN_PLIC_THRESHOLD_LEVEL_MASK 0x7 /* 0 to 7 */
#define KARHUNEN_PLIC_THRESHOLD_LEVEL_SHIFT 0x0
#define KARHUNEN_PLIC_SOURCE_PRIORITY_LEVEL_MASK 0x7 /* 0 to 7 */
#define KARHUNEN_PLIC_SOURCE_PRIORITY_LEVEL_SHIFT 0x0
#define KARHUNEN_UART_BASE 0x10000000 /* serial port (16550) */
#define KARHUNEN_UART_BYTES 0x100
#define KARHUNEN_UART_IRQ 0x1 /* source at the PLIC */
#define KARHUNEN_UART_IER_RECEIVED_MASK 0x1 /* interrupt while a byte received waits */
#define KARHUNEN_UART_IER_THR_EMPTY_MASK 0x2 /* interrupt when the transmitter has become empty */
#define KARHUNEN_UART_LCR_WORD_LENGTH_MASK 0x3 /* bits of a character less 5 */
#define KARHUNEN_UART_LCR_WORD_LENGTH_SHIFT 0x0
#define KARHUNEN_UART_LCR_STOP_MASK 0x4 /* two stop bits */
#define KARHUNEN_UART_LCR_PARITY_MASK 0x38 /* enable, even, stick */
#define KARHUNEN_UART_LCR_PARITY_SHIFT 0x3
#define KARHUNEN_UART_LCR_BREAK_MASK 0x40 /* holds the line low */
#define KARHUNEN_UART_LCR_DIVISOR_MASK 0x80 /* DATA and IER are the divisor (DLAB) */
#define KARHUNEN_UART_MCR_OUTPUTS_MASK 0xF /* DTR, RTS, OUT1, OUT2 */
#define KARHUNEN_UART_MCR_OUTPUTS_SHIFT 0x0
#define KARHUNEN_UART_MCR_LOOP_MASK 0x10 /* what is sent is received */
#define KARHUNEN_UART_LSR_DATA_READY_MASK 0x1 /* a byte received waits */
#define KARHUNEN_UART_LSR_THR_EMPTY_MASK 0x20 /* the next byte may be written */
#define KARHUNEN_UART_LSR_IDLE_MASK 0x40 /* all bytes have left */
#define KARHUNEN_DMA_BASE 0x10010000 /* moves weights, tables and streams */
#define KARHUNEN_DMA_BYTES 0x1000
#define KARHUNEN_DMA_IRQ 0x2 /* source at the PLIC */
#define KARHUNEN_DMA_ID_VERSION_MASK 0xFF /* of the block */
#define KARHUNEN_DMA_ID_VERSION_SHIFT 0x0
#define KARHUNEN_DMA_ID_BLOCK_MASK 0xFF00 /* n of its address, block base + 0x1000 n */
#define KARHUNEN_DMA_ID_BLOCK_SHIFT 0x8
#define KARHUNEN_DMA_ID_LETTER_MASK 0xFF000000 /* 'K' */
#define KARHUNEN_DMA_ID_LETTER_SHIFT 0x18
#define KARHUNEN_DMA_CONTROL_RESET_MASK 0x2 /* resets every channel */
#define KARHUNEN_DMA_STATUS_BUSY_MASK 0x1 /* a channel is busy */
#define KARHUNEN_DMA_IRQ_STATUS_DONE_MASK 0xFF /* bit c: a chain of channel c is done */
#define KARHUNEN_DMA_IRQ_STATUS_DONE_SHIFT 0x0
#define KARHUNEN_DMA_IRQ_STATUS_READY_MASK 0xFF00 /* bit 8 + c: channel c can take another chain */
#define KARHUNEN_DMA_IRQ_STATUS_READY_SHIFT 0x8
#define KARHUNEN_DMA_IRQ_STATUS_ERROR_MASK 0xFF0000 /* bit 16 + c: channel c is in error */
#define KARHUNEN_DMA_IRQ_STATUS_ERROR_SHIFT 0x10
#define KARHUNEN_DMA_IRQ_ENABLE_DONE_MASK 0xFF /* bit c: a chain of channel c is done */
#define KARHUNEN_DMA_IRQ_ENABLE_DONE_SHIFT 0x0
#define KARHUNEN_DMA_IRQ_ENABLE_READY_MASK 0xFF00 /* bit 8 + c: channel c can take another chain */
#define KARHUNEN_DMA_IRQ_ENABLE_READY_SHIFT 0x8
#define KARHUNEN_DMA_IRQ_ENABLE_ERROR_MASK 0xFF0000 /* bit 16 + c: channel c is in error */
#define KARHUNEN_DMA_IRQ_ENABLE_ERROR_SHIFT 0x10
#define KARHUNEN_DMA_ERROR_START_WHEN_FULL_MASK 0x1 /* START while the shadow job was taken */
#define KARHUNEN_DMA_ERROR_PARAMETER_MASK 0x2 /* a parameter is out of range or does not fit */
#define KARHUNEN_DMA_ERROR_STREAM_MASK 0x4 /* a compressed stream is malformed or ended early */
#define KARHUNEN_DMA_ERROR_BUS_MASK 0x8 /* a memory access was answered with an error */
#define KARHUNEN_DMA_ERROR_CHECKSUM_MASK 0x10 /* CRC-32 of a band does not match its tile table entry */
#define KARHUNEN_DMA_ERROR_TABLE_MASK 0x20 /* codec parameters malformed, or of another codec */
#define KARHUNEN_DMA_ERROR_DESCRIPTOR_MASK 0x40 /* DMA descriptor malformed */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_CONTROL_START_MASK 0x1 /* queues the job (starts the chain) that the parameters describe; clears itself */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_CONTROL_RESET_MASK 0x2 /* drops queued jobs and clears ERROR; only while no job runs */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_STATUS_BUSY_MASK 0x1 /* a job is running */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_STATUS_FULL_MASK 0x2 /* the shadow job is taken: do not start another */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_ERROR_START_WHEN_FULL_MASK 0x1 /* START while the shadow job was taken */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_ERROR_PARAMETER_MASK 0x2 /* a parameter is out of range or does not fit */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_ERROR_STREAM_MASK 0x4 /* a compressed stream is malformed or ended early */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_ERROR_BUS_MASK 0x8 /* a memory access was answered with an error */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_ERROR_CHECKSUM_MASK 0x10 /* CRC-32 of a band does not match its tile table entry */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_ERROR_TABLE_MASK 0x20 /* codec parameters malformed, or of another codec */
#define KARHUNEN_DMA_CHANNEL_CHANNEL_ERROR_DESCRIPTOR_MASK 0x40 /* DMA descriptor malformed */
#define KARHUNEN_DDR_CONTROLLER_BASE 0x10011000 /* the memory's size and traffic */
#define KARHUNEN_DDR_CONTROLLER_BYTES 0x1000
#define KARHUNEN_DDR_CONTROLLER_IRQ 0x3 /* source at the PLIC */
#define KARHUNEN_DDR_CONTROLLER_ID_VERSION_MASK 0xFF /* of the block */
#define KARHUNEN_DDR_CONTROLLER_ID_VERSION_SHIFT 0x0
#define KARHUNEN_DDR_CONTROLLER_ID_BLOCK_MASK 0xFF00 /* n of its address, block base + 0x1000 n */
#define KARHUNEN_DDR_CONTROLLER_ID_BLOCK_SHIFT 0x8
#define KARHUNEN_DDR_CONTROLLER_ID_LETTER_MASK 0xFF000000 /* 'K' */
#define KARHUNEN_DDR_CONTROLLER_ID_LETTER_SHIFT 0x18
#define KARHUNEN_DDR_CONTROLLER_STATUS_BUSY_MASK 0x1 /* a request is pending */
#define KARHUNEN_INPUT_DECODER_BASE 0x10012000 /* streams to rows of the activation buffer */
#define KARHUNEN_INPUT_DECODER_BYTES 0x1000
#define KARHUNEN_INPUT_DECODER_IRQ 0x4 /* source at the PLIC */
#define KARHUNEN_INPUT_DECODER_ID_VERSION_MASK 0xFF /* of the block */
#define KARHUNEN_INPUT_DECODER_ID_VERSION_SHIFT 0x0
#define KARHUNEN_INPUT_DECODER_ID_BLOCK_MASK 0xFF00 /* n of its address, block base + 0x1000 n */
#define KARHUNEN_INPUT_DECODER_ID_BLOCK_SHIFT 0x8
#define KARHUNEN_INPUT_DECODER_ID_LETTER_MASK 0xFF000000 /* 'K' */
#define KARHUNEN_INPUT_DECODER_ID_LETTER_SHIFT 0x18
#define KARHUNEN_INPUT_DECODER_CONTROL_START_MASK 0x1 /* queues the job (starts the chain) that the parameters describe; clears itself */
#define KARHUNEN_INPUT_DECODER_CONTROL_RESET_MASK 0x2 /* drops queued jobs and clears ERROR; only while no job runs */
#define KARHUNEN_INPUT_DECODER_STATUS_BUSY_MASK 0x1 /* a job is running */
#define KARHUNEN_INPUT_DECODER_STATUS_FULL_MASK 0x2 /* the shadow job is taken: do not start another */
#define KARHUNEN_INPUT_DECODER_IRQ_STATUS_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_INPUT_DECODER_IRQ_STATUS_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_INPUT_DECODER_IRQ_STATUS_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_INPUT_DECODER_IRQ_ENABLE_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_INPUT_DECODER_IRQ_ENABLE_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_INPUT_DECODER_IRQ_ENABLE_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_INPUT_DECODER_ERROR_START_WHEN_FULL_MASK 0x1 /* START while the shadow job was taken */
#define KARHUNEN_INPUT_DECODER_ERROR_PARAMETER_MASK 0x2 /* a parameter is out of range or does not fit */
#define KARHUNEN_INPUT_DECODER_ERROR_STREAM_MASK 0x4 /* a compressed stream is malformed or ended early */
#define KARHUNEN_INPUT_DECODER_ERROR_BUS_MASK 0x8 /* a memory access was answered with an error */
#define KARHUNEN_INPUT_DECODER_ERROR_CHECKSUM_MASK 0x10 /* CRC-32 of a band does not match its tile table entry */
#define KARHUNEN_INPUT_DECODER_ERROR_TABLE_MASK 0x20 /* codec parameters malformed, or of another codec */
#define KARHUNEN_INPUT_DECODER_ERROR_DESCRIPTOR_MASK 0x40 /* DMA descriptor malformed */
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC_MASK 0xFFFFFFFF /* krhn_codec */
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC_SHIFT 0x0
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC__RAW 0x0 /* see models/codec */
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC__VLC 0x1 /* see models/codec */
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC__TRANSFORM 0x2 /* see models/codec */
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC__ZVC 0x3 /* see models/codec */
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC__ZRLE 0x4 /* see models/codec */
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC__EBPC 0x5 /* see models/codec */
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC__DCT_MASK 0x6 /* see models/codec */
#define KARHUNEN_INPUT_DECODER_CODEC_CODEC__CONTEXT 0x7 /* see models/codec */
#define KARHUNEN_INPUT_DECODER_FORMAT_FORMAT_MASK 0xFFFFFFFF /* krhn_format */
#define KARHUNEN_INPUT_DECODER_FORMAT_FORMAT_SHIFT 0x0
#define KARHUNEN_INPUT_DECODER_FORMAT_FORMAT__U8 0x0 /* rectified map */
#define KARHUNEN_INPUT_DECODER_FORMAT_FORMAT__S8 0x1 /* signed map */
#define KARHUNEN_INPUT_DECODER_FORMAT_FORMAT__S12 0x2 /* before ReLU; 2 bytes */
#define KARHUNEN_INPUT_DECODER_FORMAT_FORMAT__S32 0x3 /* logits; 4 bytes */
#define KARHUNEN_INPUT_DECODER_FLAGS_RELEASE_TABLE_MASK 0x1 /* release the table after this band */
#define KARHUNEN_RESIDUAL_DECODER_BASE 0x10013000 /* streams to rows of the residual buffer */
#define KARHUNEN_RESIDUAL_DECODER_BYTES 0x1000
#define KARHUNEN_RESIDUAL_DECODER_IRQ 0x5 /* source at the PLIC */
#define KARHUNEN_RESIDUAL_DECODER_ID_VERSION_MASK 0xFF /* of the block */
#define KARHUNEN_RESIDUAL_DECODER_ID_VERSION_SHIFT 0x0
#define KARHUNEN_RESIDUAL_DECODER_ID_BLOCK_MASK 0xFF00 /* n of its address, block base + 0x1000 n */
#define KARHUNEN_RESIDUAL_DECODER_ID_BLOCK_SHIFT 0x8
#define KARHUNEN_RESIDUAL_DECODER_ID_LETTER_MASK 0xFF000000 /* 'K' */
#define KARHUNEN_RESIDUAL_DECODER_ID_LETTER_SHIFT 0x18
#define KARHUNEN_RESIDUAL_DECODER_CONTROL_START_MASK 0x1 /* queues the job (starts the chain) that the parameters describe; clears itself */
#define KARHUNEN_RESIDUAL_DECODER_CONTROL_RESET_MASK 0x2 /* drops queued jobs and clears ERROR; only while no job runs */
#define KARHUNEN_RESIDUAL_DECODER_STATUS_BUSY_MASK 0x1 /* a job is running */
#define KARHUNEN_RESIDUAL_DECODER_STATUS_FULL_MASK 0x2 /* the shadow job is taken: do not start another */
#define KARHUNEN_RESIDUAL_DECODER_IRQ_STATUS_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_RESIDUAL_DECODER_IRQ_STATUS_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_RESIDUAL_DECODER_IRQ_STATUS_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_RESIDUAL_DECODER_IRQ_ENABLE_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_RESIDUAL_DECODER_IRQ_ENABLE_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_RESIDUAL_DECODER_IRQ_ENABLE_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_RESIDUAL_DECODER_ERROR_START_WHEN_FULL_MASK 0x1 /* START while the shadow job was taken */
#define KARHUNEN_RESIDUAL_DECODER_ERROR_PARAMETER_MASK 0x2 /* a parameter is out of range or does not fit */
#define KARHUNEN_RESIDUAL_DECODER_ERROR_STREAM_MASK 0x4 /* a compressed stream is malformed or ended early */
#define KARHUNEN_RESIDUAL_DECODER_ERROR_BUS_MASK 0x8 /* a memory access was answered with an error */
#define KARHUNEN_RESIDUAL_DECODER_ERROR_CHECKSUM_MASK 0x10 /* CRC-32 of a band does not match its tile table entry */
#define KARHUNEN_RESIDUAL_DECODER_ERROR_TABLE_MASK 0x20 /* codec parameters malformed, or of another codec */
#define KARHUNEN_RESIDUAL_DECODER_ERROR_DESCRIPTOR_MASK 0x40 /* DMA descriptor malformed */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC_MASK 0xFFFFFFFF /* krhn_codec */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC_SHIFT 0x0
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC__RAW 0x0 /* see models/codec */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC__VLC 0x1 /* see models/codec */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC__TRANSFORM 0x2 /* see models/codec */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC__ZVC 0x3 /* see models/codec */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC__ZRLE 0x4 /* see models/codec */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC__EBPC 0x5 /* see models/codec */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC__DCT_MASK 0x6 /* see models/codec */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_CODEC__CONTEXT 0x7 /* see models/codec */
#define KARHUNEN_RESIDUAL_DECODER_FORMAT_FORMAT_MASK 0xFFFFFFFF /* krhn_format */
#define KARHUNEN_RESIDUAL_DECODER_FORMAT_FORMAT_SHIFT 0x0
#define KARHUNEN_RESIDUAL_DECODER_FORMAT_FORMAT__U8 0x0 /* rectified map */
#define KARHUNEN_RESIDUAL_DECODER_FORMAT_FORMAT__S8 0x1 /* signed map */
#define KARHUNEN_RESIDUAL_DECODER_FORMAT_FORMAT__S12 0x2 /* before ReLU; 2 bytes */
#define KARHUNEN_RESIDUAL_DECODER_FORMAT_FORMAT__S32 0x3 /* logits; 4 bytes */
#define KARHUNEN_RESIDUAL_DECODER_FLAGS_RELEASE_TABLE_MASK 0x1 /* release the table after this band */
#define KARHUNEN_COMPUTE_ARRAY_BASE 0x10014000 /* convolutions */
#define KARHUNEN_COMPUTE_ARRAY_BYTES 0x1000
#define KARHUNEN_COMPUTE_ARRAY_IRQ 0x6 /* source at the PLIC */
#define KARHUNEN_COMPUTE_ARRAY_ID_VERSION_MASK 0xFF /* of the block */
#define KARHUNEN_COMPUTE_ARRAY_ID_VERSION_SHIFT 0x0
#define KARHUNEN_COMPUTE_ARRAY_ID_BLOCK_MASK 0xFF00 /* n of its address, block base + 0x1000 n */
#define KARHUNEN_COMPUTE_ARRAY_ID_BLOCK_SHIFT 0x8
#define KARHUNEN_COMPUTE_ARRAY_ID_LETTER_MASK 0xFF000000 /* 'K' */
#define KARHUNEN_COMPUTE_ARRAY_ID_LETTER_SHIFT 0x18
#define KARHUNEN_COMPUTE_ARRAY_CONTROL_START_MASK 0x1 /* queues the job (starts the chain) that the parameters describe; clears itself */
#define KARHUNEN_COMPUTE_ARRAY_CONTROL_RESET_MASK 0x2 /* drops queued jobs and clears ERROR; only while no job runs */
#define KARHUNEN_COMPUTE_ARRAY_STATUS_BUSY_MASK 0x1 /* a job is running */
#define KARHUNEN_COMPUTE_ARRAY_STATUS_FULL_MASK 0x2 /* the shadow job is taken: do not start another */
#define KARHUNEN_COMPUTE_ARRAY_IRQ_STATUS_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_COMPUTE_ARRAY_IRQ_STATUS_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_COMPUTE_ARRAY_IRQ_STATUS_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_COMPUTE_ARRAY_IRQ_ENABLE_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_COMPUTE_ARRAY_IRQ_ENABLE_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_COMPUTE_ARRAY_IRQ_ENABLE_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_COMPUTE_ARRAY_ERROR_START_WHEN_FULL_MASK 0x1 /* START while the shadow job was taken */
#define KARHUNEN_COMPUTE_ARRAY_ERROR_PARAMETER_MASK 0x2 /* a parameter is out of range or does not fit */
#define KARHUNEN_COMPUTE_ARRAY_ERROR_STREAM_MASK 0x4 /* a compressed stream is malformed or ended early */
#define KARHUNEN_COMPUTE_ARRAY_ERROR_BUS_MASK 0x8 /* a memory access was answered with an error */
#define KARHUNEN_COMPUTE_ARRAY_ERROR_CHECKSUM_MASK 0x10 /* CRC-32 of a band does not match its tile table entry */
#define KARHUNEN_COMPUTE_ARRAY_ERROR_TABLE_MASK 0x20 /* codec parameters malformed, or of another codec */
#define KARHUNEN_COMPUTE_ARRAY_ERROR_DESCRIPTOR_MASK 0x40 /* DMA descriptor malformed */
#define KARHUNEN_COMPUTE_ARRAY_KIND_KIND_MASK 0xFFFFFFFF /* what the array does */
#define KARHUNEN_COMPUTE_ARRAY_KIND_KIND_SHIFT 0x0
#define KARHUNEN_COMPUTE_ARRAY_KIND_KIND__CONVOLUTION 0x0 /* multiplies */
#define KARHUNEN_COMPUTE_ARRAY_KIND_KIND__PASS 0x1 /* passes rows through to post-processing */
#define KARHUNEN_COMPUTE_ARRAY_KERNEL_HORIZONTAL_MASK 0xFF /* width, left */
#define KARHUNEN_COMPUTE_ARRAY_KERNEL_HORIZONTAL_SHIFT 0x0
#define KARHUNEN_COMPUTE_ARRAY_KERNEL_VERTICAL_MASK 0xFF00 /* height, top */
#define KARHUNEN_COMPUTE_ARRAY_KERNEL_VERTICAL_SHIFT 0x8
#define KARHUNEN_COMPUTE_ARRAY_STRIDE_HORIZONTAL_MASK 0xFF /* width, left */
#define KARHUNEN_COMPUTE_ARRAY_STRIDE_HORIZONTAL_SHIFT 0x0
#define KARHUNEN_COMPUTE_ARRAY_STRIDE_VERTICAL_MASK 0xFF00 /* height, top */
#define KARHUNEN_COMPUTE_ARRAY_STRIDE_VERTICAL_SHIFT 0x8
#define KARHUNEN_COMPUTE_ARRAY_PADDING_HORIZONTAL_MASK 0xFF /* width, left */
#define KARHUNEN_COMPUTE_ARRAY_PADDING_HORIZONTAL_SHIFT 0x0
#define KARHUNEN_COMPUTE_ARRAY_PADDING_VERTICAL_MASK 0xFF00 /* height, top */
#define KARHUNEN_COMPUTE_ARRAY_PADDING_VERTICAL_SHIFT 0x8
#define KARHUNEN_COMPUTE_ARRAY_FLAGS_RELEASE_SLIDING_MASK 0x1 /* free input rows that no later output row needs */
#define KARHUNEN_COMPUTE_ARRAY_FLAGS_RELEASE_ALL_MASK 0x2 /* free all rows of the input map when the job ends */
#define KARHUNEN_COMPUTE_ARRAY_FLAGS_RELEASE_WEIGHTS_MASK 0x4 /* free each chunk after its last use in the job */
#define KARHUNEN_COMPUTE_ARRAY_FLAGS_CHUNK_OUTERMOST_MASK 0x8 /* all rows of a chunk, then the next */
#define KARHUNEN_COMPUTE_ARRAY_FLAGS_WEIGHTS_4_BIT_MASK 0x10 /* chunks hold weights of 4 bits, two to a byte */
#define KARHUNEN_COMPUTE_ARRAY_DILATION_HORIZONTAL_MASK 0xFF /* width, left */
#define KARHUNEN_COMPUTE_ARRAY_DILATION_HORIZONTAL_SHIFT 0x0
#define KARHUNEN_COMPUTE_ARRAY_DILATION_VERTICAL_MASK 0xFF00 /* height, top */
#define KARHUNEN_COMPUTE_ARRAY_DILATION_VERTICAL_SHIFT 0x8
#define KARHUNEN_POST_PROCESSING_BASE 0x10015000 /* bias, requantisation, addition, ReLU, pooling */
#define KARHUNEN_POST_PROCESSING_BYTES 0x1000
#define KARHUNEN_POST_PROCESSING_IRQ 0x7 /* source at the PLIC */
#define KARHUNEN_POST_PROCESSING_ID_VERSION_MASK 0xFF /* of the block */
#define KARHUNEN_POST_PROCESSING_ID_VERSION_SHIFT 0x0
#define KARHUNEN_POST_PROCESSING_ID_BLOCK_MASK 0xFF00 /* n of its address, block base + 0x1000 n */
#define KARHUNEN_POST_PROCESSING_ID_BLOCK_SHIFT 0x8
#define KARHUNEN_POST_PROCESSING_ID_LETTER_MASK 0xFF000000 /* 'K' */
#define KARHUNEN_POST_PROCESSING_ID_LETTER_SHIFT 0x18
#define KARHUNEN_POST_PROCESSING_CONTROL_START_MASK 0x1 /* queues the job (starts the chain) that the parameters describe; clears itself */
#define KARHUNEN_POST_PROCESSING_CONTROL_RESET_MASK 0x2 /* drops queued jobs and clears ERROR; only while no job runs */
#define KARHUNEN_POST_PROCESSING_STATUS_BUSY_MASK 0x1 /* a job is running */
#define KARHUNEN_POST_PROCESSING_STATUS_FULL_MASK 0x2 /* the shadow job is taken: do not start another */
#define KARHUNEN_POST_PROCESSING_IRQ_STATUS_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_POST_PROCESSING_IRQ_STATUS_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_POST_PROCESSING_IRQ_STATUS_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_POST_PROCESSING_IRQ_ENABLE_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_POST_PROCESSING_IRQ_ENABLE_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_POST_PROCESSING_IRQ_ENABLE_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_POST_PROCESSING_ERROR_START_WHEN_FULL_MASK 0x1 /* START while the shadow job was taken */
#define KARHUNEN_POST_PROCESSING_ERROR_PARAMETER_MASK 0x2 /* a parameter is out of range or does not fit */
#define KARHUNEN_POST_PROCESSING_ERROR_STREAM_MASK 0x4 /* a compressed stream is malformed or ended early */
#define KARHUNEN_POST_PROCESSING_ERROR_BUS_MASK 0x8 /* a memory access was answered with an error */
#define KARHUNEN_POST_PROCESSING_ERROR_CHECKSUM_MASK 0x10 /* CRC-32 of a band does not match its tile table entry */
#define KARHUNEN_POST_PROCESSING_ERROR_TABLE_MASK 0x20 /* codec parameters malformed, or of another codec */
#define KARHUNEN_POST_PROCESSING_ERROR_DESCRIPTOR_MASK 0x40 /* DMA descriptor malformed */
#define KARHUNEN_POST_PROCESSING_FLAGS_RELU_MASK 0x1 /* negative results become 0 */
#define KARHUNEN_POST_PROCESSING_FLAGS_RESIDUAL_MASK 0x2 /* add the rows of the residual buffer */
#define KARHUNEN_POST_PROCESSING_FLAGS_RELEASE_RESIDUAL_MASK 0x4 /* free residual rows after their last use in the job */
#define KARHUNEN_POST_PROCESSING_FLAGS_TO_RESIDUAL_MASK 0x8 /* results go to the residual buffer (shortcut) */
#define KARHUNEN_POST_PROCESSING_FLAGS_MAX_POOL_MASK 0x10 /* after requantisation */
#define KARHUNEN_POST_PROCESSING_FLAGS_AVERAGE_POOL_MASK 0x20 /* sum of the window, requantised once */
#define KARHUNEN_POST_PROCESSING_FLAGS_CHUNKED_ROWS_MASK 0x40 /* rows come once per chunk, all rows of a chunk first */
#define KARHUNEN_POST_PROCESSING_FLAGS_TO_INPUT_MASK 0x80 /* results go to the activation buffer (sums) */
#define KARHUNEN_POST_PROCESSING_POOL_PADDING_MASK 0xFF /* at every side */
#define KARHUNEN_POST_PROCESSING_POOL_PADDING_SHIFT 0x0
#define KARHUNEN_POST_PROCESSING_POOL_STRIDE_MASK 0xFF00 /* from window to window */
#define KARHUNEN_POST_PROCESSING_POOL_STRIDE_SHIFT 0x8
#define KARHUNEN_POST_PROCESSING_POOL_KERNEL_MASK 0xFF0000 /* height and width */
#define KARHUNEN_POST_PROCESSING_POOL_KERNEL_SHIFT 0x10
#define KARHUNEN_POST_PROCESSING_POOL_PARTIAL_MASK 0x1000000 /* windows count that begin in the map (or its padding) and end behind it */
#define KARHUNEN_ENCODER_BASE 0x10016000 /* rows of the output buffer to streams */
#define KARHUNEN_ENCODER_BYTES 0x1000
#define KARHUNEN_ENCODER_IRQ 0x8 /* source at the PLIC */
#define KARHUNEN_ENCODER_ID_VERSION_MASK 0xFF /* of the block */
#define KARHUNEN_ENCODER_ID_VERSION_SHIFT 0x0
#define KARHUNEN_ENCODER_ID_BLOCK_MASK 0xFF00 /* n of its address, block base + 0x1000 n */
#define KARHUNEN_ENCODER_ID_BLOCK_SHIFT 0x8
#define KARHUNEN_ENCODER_ID_LETTER_MASK 0xFF000000 /* 'K' */
#define KARHUNEN_ENCODER_ID_LETTER_SHIFT 0x18
#define KARHUNEN_ENCODER_CONTROL_START_MASK 0x1 /* queues the job (starts the chain) that the parameters describe; clears itself */
#define KARHUNEN_ENCODER_CONTROL_RESET_MASK 0x2 /* drops queued jobs and clears ERROR; only while no job runs */
#define KARHUNEN_ENCODER_STATUS_BUSY_MASK 0x1 /* a job is running */
#define KARHUNEN_ENCODER_STATUS_FULL_MASK 0x2 /* the shadow job is taken: do not start another */
#define KARHUNEN_ENCODER_IRQ_STATUS_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_ENCODER_IRQ_STATUS_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_ENCODER_IRQ_STATUS_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_ENCODER_IRQ_ENABLE_DONE_MASK 0x1 /* a job has finished */
#define KARHUNEN_ENCODER_IRQ_ENABLE_READY_MASK 0x2 /* the shadow job moved on: another may be started */
#define KARHUNEN_ENCODER_IRQ_ENABLE_ERROR_MASK 0x4 /* ERROR is not zero */
#define KARHUNEN_ENCODER_ERROR_START_WHEN_FULL_MASK 0x1 /* START while the shadow job was taken */
#define KARHUNEN_ENCODER_ERROR_PARAMETER_MASK 0x2 /* a parameter is out of range or does not fit */
#define KARHUNEN_ENCODER_ERROR_STREAM_MASK 0x4 /* a compressed stream is malformed or ended early */
#define KARHUNEN_ENCODER_ERROR_BUS_MASK 0x8 /* a memory access was answered with an error */
#define KARHUNEN_ENCODER_ERROR_CHECKSUM_MASK 0x10 /* CRC-32 of a band does not match its tile table entry */
#define KARHUNEN_ENCODER_ERROR_TABLE_MASK 0x20 /* codec parameters malformed, or of another codec */
#define KARHUNEN_ENCODER_ERROR_DESCRIPTOR_MASK 0x40 /* DMA descriptor malformed */
#define KARHUNEN_ENCODER_CODEC_CODEC_MASK 0xFFFFFFFF /* krhn_codec */
#define KARHUNEN_ENCODER_CODEC_CODEC_SHIFT 0x0
#define KARHUNEN_ENCODER_CODEC_CODEC__RAW 0x0 /* see models/codec */
#define KARHUNEN_ENCODER_CODEC_CODEC__VLC 0x1 /* see models/codec */
#define KARHUNEN_ENCODER_CODEC_CODEC__TRANSFORM 0x2 /* see models/codec */
#define KARHUNEN_ENCODER_CODEC_CODEC__ZVC 0x3 /* see models/codec */
#define KARHUNEN_ENCODER_CODEC_CODEC__ZRLE 0x4 /* see models/codec */
#define KARHUNEN_ENCODER_CODEC_CODEC__EBPC 0x5 /* see models/codec */
#define KARHUNEN_ENCODER_CODEC_CODEC__DCT_MASK 0x6 /* see models/codec */
#define KARHUNEN_ENCODER_CODEC_CODEC__CONTEXT 0x7 /* see models/codec */
#define KARHUNEN_ENCODER_FORMAT_FORMAT_MASK 0xFFFFFFFF /* krhn_format */
#define KARHUNEN_ENCODER_FORMAT_FORMAT_SHIFT 0x0
#define KARHUNEN_ENCODER_FORMAT_FORMAT__U8 0x0 /* rectified map */
#define KARHUNEN_ENCODER_FORMAT_FORMAT__S8 0x1 /* signed map */
#define KARHUNEN_ENCODER_FORMAT_FORMAT__S12 0x2 /* before ReLU; 2 bytes */
#define KARHUNEN_ENCODER_FORMAT_FORMAT__S32 0x3 /* logits; 4 bytes */
#define KARHUNEN_ENCODER_FLAGS_RELEASE_TABLE_MASK 0x1 /* release the table after this band */
#define KARHUNEN_BUFFERS_BASE 0x10017000 /* sizes of the buffers on the chip */
#define KARHUNEN_BUFFERS_BYTES 0x1000
#define KARHUNEN_BUFFERS_ID_VERSION_MASK 0xFF /* of the block */
#define KARHUNEN_BUFFERS_ID_VERSION_SHIFT 0x0
#define KARHUNEN_BUFFERS_ID_BLOCK_MASK 0xFF00 /* n of its address, block base + 0x1000 n */
#define KARHUNEN_BUFFERS_ID_BLOCK_SHIFT 0x8
#define KARHUNEN_BUFFERS_ID_LETTER_MASK 0xFF000000 /* 'K' */
#define KARHUNEN_BUFFERS_ID_LETTER_SHIFT 0x18
#define KARHUNEN_SIMULATION_CONTROL_EXIT_ADDRESS 0x100000 /* ends the simulation with this exit code */
#define KARHUNEN_SIMULATION_CONTROL_WATCHDOG_ADDRESS 0x100004 /* restarts the watchdog */
#define KARHUNEN_CLINT_MSIP_ADDRESS 0x2000000 /* the software interrupt */
#define KARHUNEN_CLINT_MTIMECMP_ADDRESS 0x2004000 /* the timer interrupts while MTIME is not below; bits 31:0 */
#define KARHUNEN_CLINT_MTIMECMP_RESET 0xFFFFFFFF
#define KARHUNEN_CLINT_MTIMECMP_HIGH_ADDRESS 0x2004004 /* bits 63:32 */
#define KARHUNEN_CLINT_MTIMECMP_HIGH_RESET 0xFFFFFFFF
#define KARHUNEN_CLINT_MTIME_ADDRESS 0x200BFF8 /* clocks of the CPU; bits 31:0 */
#define KARHUNEN_CLINT_MTIME_HIGH_ADDRESS 0x200BFFC /* bits 63:32 */
#define KARHUNEN_PLIC_SOURCE1_PRIORITY_ADDRESS 0xC000004 /* 0: never; of those pending the highest comes first */
#define KARHUNEN_PLIC_SOURCE2_PRIORITY_ADDRESS 0xC000008 /* 0: never; of those pending the highest comes first */
#define KARHUNEN_PLIC_SOURCE3_PRIORITY_ADDRESS 0xC00000C /* 0: never; of those pending the highest comes first */
#define KARHUNEN_PLIC_SOURCE4_PRIORITY_ADDRESS 0xC000010 /* 0: never; of those pending the highest comes first */
#define KARHUNEN_PLIC_SOURCE5_PRIORITY_ADDRESS 0xC000014 /* 0: never; of those pending the highest comes first */
#define KARHUNEN_PLIC_SOURCE6_PRIORITY_ADDRESS 0xC000018 /* 0: never; of those pending the highest comes first */
#define KARHUNEN_PLIC_SOURCE7_PRIORITY_ADDRESS 0xC00001C /* 0: never; of those pending the highest comes first */
#define KARHUNEN_PLIC_SOURCE8_PRIORITY_ADDRESS 0xC000020 /* 0: never; of those pending the highest comes first */
#define KARHUNEN_PLIC_PENDING_ADDRESS 0xC001000 /* bit n: source n is pending */
#define KARHUNEN_PLIC_ENABLE_ADDRESS 0xC002000 /* bit n: source n may interrupt */
#define KARHUNEN_PLIC_THRESHOLD_ADDRESS 0xC200000 /* sources of this priority or less do not raise the line */
#define KARHUNEN_PLIC_CLAIM_ADDRESS 0xC200004 /* read: claims the best pending source, 0 if none; write: completes it */
#define KARHUNEN_UART_DATA_ADDRESS 0x10000000 /* RBR, THR: next byte received, byte to send; LCR.DIVISOR: divisor, low byte */
#define KARHUNEN_UART_IER_ADDRESS 0x10000001 /* interrupt enable; with LCR.DIVISOR the divisor's high byte */
#define KARHUNEN_UART_IIR_FCR_ADDRESS 0x10000002 /* read: which interrupt; write: FIFO control */
#define KARHUNEN_UART_IIR_FCR_RESET 0x1
#define KARHUNEN_UART_LCR_ADDRESS 0x10000003 /* line control */
#define KARHUNEN_UART_MCR_ADDRESS 0x10000004 /* modem control */
#define KARHUNEN_UART_LSR_ADDRESS 0x10000005 /* line status; writes are without effect */
#define KARHUNEN_UART_LSR_RESET 0x60
#define KARHUNEN_UART_MSR_ADDRESS 0x10000006 /* modem status: the other side is ready; writes are without effect */
#define KARHUNEN_UART_MSR_RESET 0xB0
#define KARHUNEN_UART_SCR_ADDRESS 0x10000007 /* scratch: kept, of no meaning */
#define KARHUNEN_DMA_ID_ADDRESS 0x10010000 /* block identification: 'K', block number, version */
#define KARHUNEN_DMA_ID_RESET 0x4B000001
#define KARHUNEN_DMA_CONTROL_ADDRESS 0x10010004 /* starts and resets */
#define KARHUNEN_DMA_STATUS_ADDRESS 0x10010008 /* what the block is at */
#define KARHUNEN_DMA_IRQ_STATUS_ADDRESS 0x1001000C /* what has happened */
#define KARHUNEN_DMA_IRQ_ENABLE_ADDRESS 0x10010010 /* which bits of IRQ_STATUS raise the interrupt line */
#define KARHUNEN_DMA_ERROR_ADDRESS 0x10010014 /* causes of error, one bit each */
#define KARHUNEN_DMA_JOBS_DONE_ADDRESS 0x10010018 /* jobs finished since reset, modulo 2^32 */
#define KARHUNEN_DMA_CHANNEL0_DESCRIPTOR_ADDRESS 0x10010040 /* address of the first descriptor of the chain, aligned to 4 */
#define KARHUNEN_DMA_CHANNEL0_CHANNEL_CONTROL_ADDRESS 0x10010044 /* starts and resets */
#define KARHUNEN_DMA_CHANNEL0_CHANNEL_STATUS_ADDRESS 0x10010048 /* what the channel is at */
#define KARHUNEN_DMA_CHANNEL0_CHANNEL_ERROR_ADDRESS 0x1001004C /* causes of error, one bit each */
#define KARHUNEN_DMA_CHANNEL0_ERROR_ADDRESS_ADDRESS 0x10010050 /* address of the access or descriptor that failed */
#define KARHUNEN_DMA_CHANNEL0_CHAINS_DONE_ADDRESS 0x10010054 /* chains finished since reset, modulo 2^32 */
#define KARHUNEN_DMA_CHANNEL1_DESCRIPTOR_ADDRESS 0x10010060 /* address of the first descriptor of the chain, aligned to 4 */
#define KARHUNEN_DMA_CHANNEL1_CHANNEL_CONTROL_ADDRESS 0x10010064 /* starts and resets */
#define KARHUNEN_DMA_CHANNEL1_CHANNEL_STATUS_ADDRESS 0x10010068 /* what the channel is at */
#define KARHUNEN_DMA_CHANNEL1_CHANNEL_ERROR_ADDRESS 0x1001006C /* causes of error, one bit each */
#define KARHUNEN_DMA_CHANNEL1_ERROR_ADDRESS_ADDRESS 0x10010070 /* address of the access or descriptor that failed */
#define KARHUNEN_DMA_CHANNEL1_CHAINS_DONE_ADDRESS 0x10010074 /* chains finished since reset, modulo 2^32 */
#define KARHUNEN_DMA_CHANNEL2_DESCRIPTOR_ADDRESS 0x10010080 /* address of the first descriptor of the chain, aligned to 4 */
#define KARHUNEN_DMA_CHANNEL2_CHANNEL_CONTROL_ADDRESS 0x10010084 /* starts and resets */
#define KARHUNEN_DMA_CHANNEL2_CHANNEL_STATUS_ADDRESS 0x10010088 /* what the channel is at */
#define KARHUNEN_DMA_CHANNEL2_CHANNEL_ERROR_ADDRESS 0x1001008C /* causes of error, one bit each */
#define KARHUNEN_DMA_CHANNEL2_ERROR_ADDRESS_ADDRESS 0x10010090 /* address of the access or descriptor that failed */
#define KARHUNEN_DMA_CHANNEL2_CHAINS_DONE_ADDRESS 0x10010094 /* chains finished since reset, modulo 2^32 */
#define KARHUNEN_DMA_CHANNEL3_DESCRIPTOR_ADDRESS 0x100100A0 /* address of the first descriptor of the chain, aligned to 4 */
#define KARHUNEN_DMA_CHANNEL3_CHANNEL_CONTROL_ADDRESS 0x100100A4 /* starts and resets */
#define KARHUNEN_DMA_CHANNEL3_CHANNEL_STATUS_ADDRESS 0x100100A8 /* what the channel is at */
#define KARHUNEN_DMA_CHANNEL3_CHANNEL_ERROR_ADDRESS 0x100100AC /* causes of error, one bit each */
#define KARHUNEN_DMA_CHANNEL3_ERROR_ADDRESS_ADDRESS 0x100100B0 /* address of the access or descriptor that failed */
#define KARHUNEN_DMA_CHANNEL3_CHAINS_DONE_ADDRESS 0x100100B4 /* chains finished since reset, modulo 2^32 */
#define KARHUNEN_DMA_CHANNEL4_DESCRIPTOR_ADDRESS 0x100100C0 /* address of the first descriptor of the chain, aligned to 4 */
#define KARHUNEN_DMA_CHANNEL4_CHANNEL_CONTROL_ADDRESS 0x100100C4 /* starts and resets */
#define KARHUNEN_DMA_CHANNEL4_CHANNEL_STATUS_ADDRESS 0x100100C8 /* what the channel is at */
#define KARHUNEN_DMA_CHANNEL4_CHANNEL_ERROR_ADDRESS 0x100100CC /* causes of error, one bit each */
#define KARHUNEN_DMA_CHANNEL4_ERROR_ADDRESS_ADDRESS 0x100100D0 /* address of the access or descriptor that failed */
#define KARHUNEN_DMA_CHANNEL4_CHAINS_DONE_ADDRESS 0x100100D4 /* chains finished since reset, modulo 2^32 */
#define KARHUNEN_DMA_CHANNEL5_DESCRIPTOR_ADDRESS 0x100100E0 /* address of the first descriptor of the chain, aligned to 4 */
#define KARHUNEN_DMA_CHANNEL5_CHANNEL_CONTROL_ADDRESS 0x100100E4 /* starts and resets */
#define KARHUNEN_DMA_CHANNEL5_CHANNEL_STATUS_ADDRESS 0x100100E8 /* what the channel is at */
#define KARHUNEN_DMA_CHANNEL5_CHANNEL_ERROR_ADDRESS 0x100100EC /* causes of error, one bit each */
#define KARHUNEN_DMA_CHANNEL5_ERROR_ADDRESS_ADDRESS 0x100100F0 /* address of the access or descriptor that failed */
#define KARHUNEN_DMA_CHANNEL5_CHAINS_DONE_ADDRESS 0x100100F4 /* chains finished since reset, modulo 2^32 */
#define KARHUNEN_DMA_CHANNEL6_DESCRIPTOR_ADDRESS 0x10010100 /* address of the first descriptor of the chain, aligned to 4 */
#define KARHUNEN_DMA_CHANNEL6_CHANNEL_CONTROL_ADDRESS 0x10010104 /* starts and resets */
#define KARHUNEN_DMA_CHANNEL6_CHANNEL_STATUS_ADDRESS 0x10010108 /* what the channel is at */
#define KARHUNEN_DMA_CHANNEL6_CHANNEL_ERROR_ADDRESS 0x1001010C /* causes of error, one bit each */
#define KARHUNEN_DMA_CHANNEL6_ERROR_ADDRESS_ADDRESS 0x10010110 /* address of the access or descriptor that failed */
#define KARHUNEN_DMA_CHANNEL6_CHAINS_DONE_ADDRESS 0x10010114 /* chains finished since reset, modulo 2^32 */
#define KARHUNEN_DMA_CHANNEL7_DESCRIPTOR_ADDRESS 0x10010120 /* address of the first descriptor of the chain, aligned to 4 */
#define KARHUNEN_DMA_CHANNEL7_CHANNEL_CONTROL_ADDRESS 0x10010124 /* starts and resets */
#define KARHUNEN_DMA_CHANNEL7_CHANNEL_STATUS_ADDRESS 0x10010128 /* what the channel is at */
#define KARHUNEN_DMA_CHANNEL7_CHANNEL_ERROR_ADDRESS 0x1001012C /* causes of error, one bit each */
#define KARHUNEN_DMA_CHANNEL7_ERROR_ADDRESS_ADDRESS 0x10010130 /* address of the access or descriptor that failed */
#define KARHUNEN_DMA_CHANNEL7_CHAINS_DONE_ADDRESS 0x10010134 /* chains finished since reset, modulo 2^32 */
#define KARHUNEN_DDR_CONTROLLER_ID_ADDRESS 0x10011000 /* block identification: 'K', block number, version */
#define KARHUNEN_DDR_CONTROLLER_ID_RESET 0x4B000101
#define KARHUNEN_DDR_CONTROLLER_STATUS_ADDRESS 0x10011008 /* what the block is at */
#define KARHUNEN_DDR_CONTROLLER_SIZE_MIB_ADDRESS 0x10011040 /* size of the memory */
#define KARHUNEN_DDR_CONTROLLER_CLOCK_KHZ_ADDRESS 0x10011044 /* clock of the command bus */
#define KARHUNEN_DDR_CONTROLLER_READ_KIB_ADDRESS 0x10011048 /* KiB read since reset */
#define KARHUNEN_DDR_CONTROLLER_WRITTEN_KIB_ADDRESS 0x1001104C /* KiB written since reset */
#define KARHUNEN_INPUT_DECODER_ID_ADDRESS 0x10012000 /* block identification: 'K', block number, version */
#define KARHUNEN_INPUT_DECODER_ID_RESET 0x4B000201
#define KARHUNEN_INPUT_DECODER_CONTROL_ADDRESS 0x10012004 /* starts and resets */
#define KARHUNEN_INPUT_DECODER_STATUS_ADDRESS 0x10012008 /* what the block is at */
#define KARHUNEN_INPUT_DECODER_IRQ_STATUS_ADDRESS 0x1001200C /* what has happened */
#define KARHUNEN_INPUT_DECODER_IRQ_ENABLE_ADDRESS 0x10012010 /* which bits of IRQ_STATUS raise the interrupt line */
#define KARHUNEN_INPUT_DECODER_ERROR_ADDRESS 0x10012014 /* causes of error, one bit each */
#define KARHUNEN_INPUT_DECODER_JOBS_DONE_ADDRESS 0x10012018 /* jobs finished since reset, modulo 2^32 */
#define KARHUNEN_INPUT_DECODER_TAG_ADDRESS 0x10012040 /* free for software; copied to statistics and waveforms (layer number) */
#define KARHUNEN_INPUT_DECODER_CODEC_ADDRESS 0x10012044 /* codec number, krhn_codec */
#define KARHUNEN_INPUT_DECODER_FORMAT_ADDRESS 0x10012048 /* format of the values in the output buffer, krhn_format */
#define KARHUNEN_INPUT_DECODER_ROWS_ADDRESS 0x1001204C /* rows of the band */
#define KARHUNEN_INPUT_DECODER_WIDTH_ADDRESS 0x10012050 /* values in a row of one channel */
#define KARHUNEN_INPUT_DECODER_CHANNELS_ADDRESS 0x10012054 /* channels */
#define KARHUNEN_INPUT_DECODER_ROW_SEQUENCE_ADDRESS 0x10012058 /* sequence number of the band's first row in the output buffer */
#define KARHUNEN_INPUT_DECODER_STREAMS_ADDRESS 0x1001205C /* substreams of the band, 1 to 12 */
#define KARHUNEN_INPUT_DECODER_TABLE_SEQUENCE_ADDRESS 0x10012060 /* which loaded table: number of tables loaded before it */
#define KARHUNEN_INPUT_DECODER_FLAGS_ADDRESS 0x10012064 /* what else to do */
#define KARHUNEN_INPUT_DECODER_REGION_ADDRESS 0x10012068 /* region of the buffer that takes the rows: 0 to 3 */
#define KARHUNEN_INPUT_DECODER_REGION_BYTES_ADDRESS 0x1001206C /* most bytes of rows that the region may hold */
#define KARHUNEN_INPUT_DECODER_SKIP_ROWS_ADDRESS 0x10012070 /* first rows of the band that are dropped: handed on before an error */
#define KARHUNEN_INPUT_DECODER_ROWS_DONE_ADDRESS 0x10012074 /* rows of the latest job that were handed on or dropped */
#define KARHUNEN_RESIDUAL_DECODER_ID_ADDRESS 0x10013000 /* block identification: 'K', block number, version */
#define KARHUNEN_RESIDUAL_DECODER_ID_RESET 0x4B000301
#define KARHUNEN_RESIDUAL_DECODER_CONTROL_ADDRESS 0x10013004 /* starts and resets */
#define KARHUNEN_RESIDUAL_DECODER_STATUS_ADDRESS 0x10013008 /* what the block is at */
#define KARHUNEN_RESIDUAL_DECODER_IRQ_STATUS_ADDRESS 0x1001300C /* what has happened */
#define KARHUNEN_RESIDUAL_DECODER_IRQ_ENABLE_ADDRESS 0x10013010 /* which bits of IRQ_STATUS raise the interrupt line */
#define KARHUNEN_RESIDUAL_DECODER_ERROR_ADDRESS 0x10013014 /* causes of error, one bit each */
#define KARHUNEN_RESIDUAL_DECODER_JOBS_DONE_ADDRESS 0x10013018 /* jobs finished since reset, modulo 2^32 */
#define KARHUNEN_RESIDUAL_DECODER_TAG_ADDRESS 0x10013040 /* free for software; copied to statistics and waveforms (layer number) */
#define KARHUNEN_RESIDUAL_DECODER_CODEC_ADDRESS 0x10013044 /* codec number, krhn_codec */
#define KARHUNEN_RESIDUAL_DECODER_FORMAT_ADDRESS 0x10013048 /* format of the values in the output buffer, krhn_format */
#define KARHUNEN_RESIDUAL_DECODER_ROWS_ADDRESS 0x1001304C /* rows of the band */
#define KARHUNEN_RESIDUAL_DECODER_WIDTH_ADDRESS 0x10013050 /* values in a row of one channel */
#define KARHUNEN_RESIDUAL_DECODER_CHANNELS_ADDRESS 0x10013054 /* channels */
#define KARHUNEN_RESIDUAL_DECODER_ROW_SEQUENCE_ADDRESS 0x10013058 /* sequence number of the band's first row in the output buffer */
#define KARHUNEN_RESIDUAL_DECODER_STREAMS_ADDRESS 0x1001305C /* substreams of the band, 1 to 12 */
#define KARHUNEN_RESIDUAL_DECODER_TABLE_SEQUENCE_ADDRESS 0x10013060 /* which loaded table: number of tables loaded before it */
#define KARHUNEN_RESIDUAL_DECODER_FLAGS_ADDRESS 0x10013064 /* what else to do */
#define KARHUNEN_RESIDUAL_DECODER_REGION_ADDRESS 0x10013068 /* region of the buffer that takes the rows: 0 to 3 */
#define KARHUNEN_RESIDUAL_DECODER_REGION_BYTES_ADDRESS 0x1001306C /* most bytes of rows that the region may hold */
#define KARHUNEN_RESIDUAL_DECODER_SKIP_ROWS_ADDRESS 0x10013070 /* first rows of the band that are dropped: handed on before an error */
#define KARHUNEN_RESIDUAL_DECODER_ROWS_DONE_ADDRESS 0x10013074 /* rows of the latest job that were handed on or dropped */
#define KARHUNEN_COMPUTE_ARRAY_ID_ADDRESS 0x10014000 /* block identification: 'K', block number, version */
#define KARHUNEN_COMPUTE_ARRAY_ID_RESET 0x4B000401
#define KARHUNEN_COMPUTE_ARRAY_CONTROL_ADDRESS 0x10014004 /* starts and resets */
#define KARHUNEN_COMPUTE_ARRAY_STATUS_ADDRESS 0x10014008 /* what the block is at */
#define KARHUNEN_COMPUTE_ARRAY_IRQ_STATUS_ADDRESS 0x1001400C /* what has happened */
#define KARHUNEN_COMPUTE_ARRAY_IRQ_ENABLE_ADDRESS 0x10014010 /* which bits of IRQ_STATUS raise the interrupt line */
#define KARHUNEN_COMPUTE_ARRAY_ERROR_ADDRESS 0x10014014 /* causes of error, one bit each */
#define KARHUNEN_COMPUTE_ARRAY_JOBS_DONE_ADDRESS 0x10014018 /* jobs finished since reset, modulo 2^32 */
#define KARHUNEN_COMPUTE_ARRAY_TAG_ADDRESS 0x10014040 /* free for software; copied to statistics and waveforms (layer number) */
#define KARHUNEN_COMPUTE_ARRAY_KIND_ADDRESS 0x10014044 /* of the job */
#define KARHUNEN_COMPUTE_ARRAY_REGION_ADDRESS 0x10014048 /* region of the activation buffer that holds the input rows */
#define KARHUNEN_COMPUTE_ARRAY_INPUT_SEQUENCE_ADDRESS 0x1001404C /* sequence number of row 0 of the input map */
#define KARHUNEN_COMPUTE_ARRAY_INPUT_HEIGHT_ADDRESS 0x10014050 /* rows of the input map */
#define KARHUNEN_COMPUTE_ARRAY_INPUT_WIDTH_ADDRESS 0x10014054 /* columns of the input map */
#define KARHUNEN_COMPUTE_ARRAY_INPUT_CHANNELS_ADDRESS 0x10014058 /* channels of the input map */
#define KARHUNEN_COMPUTE_ARRAY_OUTPUT_ROW_ADDRESS 0x1001405C /* first output row of the job */
#define KARHUNEN_COMPUTE_ARRAY_OUTPUT_ROWS_ADDRESS 0x10014060 /* output rows of the job */
#define KARHUNEN_COMPUTE_ARRAY_OUTPUT_WIDTH_ADDRESS 0x10014064 /* output columns */
#define KARHUNEN_COMPUTE_ARRAY_OUTPUT_CHANNELS_ADDRESS 0x10014068 /* output channels, all chunks together */
#define KARHUNEN_COMPUTE_ARRAY_KERNEL_ADDRESS 0x1001406C /* size of the kernel */
#define KARHUNEN_COMPUTE_ARRAY_STRIDE_ADDRESS 0x10014070 /* from output to output */
#define KARHUNEN_COMPUTE_ARRAY_PADDING_ADDRESS 0x10014074 /* at top and left; bottom and right follow from the output size */
#define KARHUNEN_COMPUTE_ARRAY_WEIGHT_SEQUENCE_ADDRESS 0x10014078 /* first weight chunk: number of chunks loaded before it */
#define KARHUNEN_COMPUTE_ARRAY_WEIGHT_CHUNKS_ADDRESS 0x1001407C /* weight chunks of the job */
#define KARHUNEN_COMPUTE_ARRAY_CHUNK_CHANNELS_ADDRESS 0x10014080 /* output channels of each chunk; the last may have fewer */
#define KARHUNEN_COMPUTE_ARRAY_FLAGS_ADDRESS 0x10014084 /* what to free, and the order of work */
#define KARHUNEN_COMPUTE_ARRAY_DILATION_ADDRESS 0x10014088 /* from tap to tap of the kernel */
#define KARHUNEN_COMPUTE_ARRAY_DILATION_RESET 0x101
#define KARHUNEN_COMPUTE_ARRAY_GROUPS_ADDRESS 0x1001408C /* groups of channels: an output channel takes those of its group alone */
#define KARHUNEN_COMPUTE_ARRAY_GROUPS_RESET 0x1
#define KARHUNEN_POST_PROCESSING_ID_ADDRESS 0x10015000 /* block identification: 'K', block number, version */
#define KARHUNEN_POST_PROCESSING_ID_RESET 0x4B000501
#define KARHUNEN_POST_PROCESSING_CONTROL_ADDRESS 0x10015004 /* starts and resets */
#define KARHUNEN_POST_PROCESSING_STATUS_ADDRESS 0x10015008 /* what the block is at */
#define KARHUNEN_POST_PROCESSING_IRQ_STATUS_ADDRESS 0x1001500C /* what has happened */
#define KARHUNEN_POST_PROCESSING_IRQ_ENABLE_ADDRESS 0x10015010 /* which bits of IRQ_STATUS raise the interrupt line */
#define KARHUNEN_POST_PROCESSING_ERROR_ADDRESS 0x10015014 /* causes of error, one bit each */
#define KARHUNEN_POST_PROCESSING_JOBS_DONE_ADDRESS 0x10015018 /* jobs finished since reset, modulo 2^32 */
#define KARHUNEN_POST_PROCESSING_TAG_ADDRESS 0x10015040 /* free for software; copied to statistics and waveforms (layer number) */
#define KARHUNEN_POST_PROCESSING_FLAGS_ADDRESS 0x10015044 /* what to do with the rows, and where results go */
#define KARHUNEN_POST_PROCESSING_WIDTH_ADDRESS 0x10015048 /* columns of the rows that come from the array */
#define KARHUNEN_POST_PROCESSING_ROWS_ADDRESS 0x1001504C /* rows that come from the array in this job */
#define KARHUNEN_POST_PROCESSING_CHANNELS_ADDRESS 0x10015050 /* channels that come from the array, all chunks together */
#define KARHUNEN_POST_PROCESSING_FORMAT_ADDRESS 0x10015054 /* format of the result, krhn_format */
#define KARHUNEN_POST_PROCESSING_SHIFT_ADDRESS 0x10015058 /* right shift of the requantisation */
#define KARHUNEN_POST_PROCESSING_MULTIPLIER_ADDRESS 0x1001505C /* multiplier where no weight chunk brings one (pass, average) */
#define KARHUNEN_POST_PROCESSING_RESIDUAL_MULTIPLIER_ADDRESS 0x10015060 /* multiplier of the residual operand */
#define KARHUNEN_POST_PROCESSING_RESIDUAL_SEQUENCE_ADDRESS 0x10015064 /* sequence number of the first residual row */
#define KARHUNEN_POST_PROCESSING_OUTPUT_SEQUENCE_ADDRESS 0x10015068 /* sequence number of the first result row in its buffer */
#define KARHUNEN_POST_PROCESSING_POOL_ADDRESS 0x1001506C /* the square window of a pooling */
#define KARHUNEN_POST_PROCESSING_POOL_HEIGHT_ADDRESS 0x10015070 /* rows of the whole map before pooling */
#define KARHUNEN_POST_PROCESSING_POOL_ROW_ADDRESS 0x10015074 /* index in that map of the first row of this job */
#define KARHUNEN_POST_PROCESSING_OUTPUT_ROWS_ADDRESS 0x10015078 /* result rows of this job */
#define KARHUNEN_POST_PROCESSING_RESIDUAL_REGION_ADDRESS 0x1001507C /* region of the residual buffer that the operand is read from */
#define KARHUNEN_POST_PROCESSING_RESULT_REGION_ADDRESS 0x10015080 /* region of the buffer that takes the results; output: 0 */
#define KARHUNEN_POST_PROCESSING_ROW_CHANNELS_ADDRESS 0x10015084 /* channels of a result row, if jobs make it together; 0: CHANNELS */
#define KARHUNEN_POST_PROCESSING_FIRST_CHANNEL_ADDRESS 0x10015088 /* of the result row, that the job's channels begin at */
#define KARHUNEN_ENCODER_ID_ADDRESS 0x10016000 /* block identification: 'K', block number, version */
#define KARHUNEN_ENCODER_ID_RESET 0x4B000601
#define KARHUNEN_ENCODER_CONTROL_ADDRESS 0x10016004 /* starts and resets */
#define KARHUNEN_ENCODER_STATUS_ADDRESS 0x10016008 /* what the block is at */
#define KARHUNEN_ENCODER_IRQ_STATUS_ADDRESS 0x1001600C /* what has happened */
#define KARHUNEN_ENCODER_IRQ_ENABLE_ADDRESS 0x10016010 /* which bits of IRQ_STATUS raise the interrupt line */
#define KARHUNEN_ENCODER_ERROR_ADDRESS 0x10016014 /* causes of error, one bit each */
#define KARHUNEN_ENCODER_JOBS_DONE_ADDRESS 0x10016018 /* jobs finished since reset, modulo 2^32 */
#define KARHUNEN_ENCODER_TAG_ADDRESS 0x10016040 /* free for software; copied to statistics and waveforms (layer number) */
#define KARHUNEN_ENCODER_CODEC_ADDRESS 0x10016044 /* codec number, krhn_codec */
#define KARHUNEN_ENCODER_FORMAT_ADDRESS 0x10016048 /* format of the values in the output buffer, krhn_format */
#define KARHUNEN_ENCODER_ROWS_ADDRESS 0x1001604C /* rows of the band */
#define KARHUNEN_ENCODER_WIDTH_ADDRESS 0x10016050 /* values in a row of one channel */
#define KARHUNEN_ENCODER_CHANNELS_ADDRESS 0x10016054 /* channels */
#define KARHUNEN_ENCODER_ROW_SEQUENCE_ADDRESS 0x10016058 /* sequence number of the band's first row in the output buffer */
#define KARHUNEN_ENCODER_STREAMS_ADDRESS 0x1001605C /* substreams of the band, 1 to 12 */
#define KARHUNEN_ENCODER_TABLE_SEQUENCE_ADDRESS 0x10016060 /* which loaded table: number of tables loaded before it */
#define KARHUNEN_ENCODER_FLAGS_ADDRESS 0x10016064 /* what else to do */
#define KARHUNEN_BUFFERS_ID_ADDRESS 0x10017000 /* block identification: 'K', block number, version */
#define KARHUNEN_BUFFERS_ID_RESET 0x4B000701
#define KARHUNEN_BUFFERS_CONTROL_ADDRESS 0x10017004 /* starts and resets */
#define KARHUNEN_BUFFERS_STATUS_ADDRESS 0x10017008 /* what the block is at */
#define KARHUNEN_BUFFERS_IRQ_STATUS_ADDRESS 0x1001700C /* what has happened */
#define KARHUNEN_BUFFERS_IRQ_ENABLE_ADDRESS 0x10017010 /* which bits of IRQ_STATUS raise the interrupt line */
#define KARHUNEN_BUFFERS_ERROR_ADDRESS 0x10017014 /* causes of error, one bit each */
#define KARHUNEN_BUFFERS_JOBS_DONE_ADDRESS 0x10017018 /* jobs finished since reset, modulo 2^32 */
#define KARHUNEN_BUFFERS_WEIGHT_BYTES_ADDRESS 0x10017040 /* size of the weight buffer */
#define KARHUNEN_BUFFERS_ACTIVATION_BYTES_ADDRESS 0x10017044 /* size of the activation buffer */
#define KARHUNEN_BUFFERS_OUTPUT_BYTES_ADDRESS 0x10017048 /* size of the output buffer */
#define KARHUNEN_BUFFERS_RESIDUAL_BYTES_ADDRESS 0x1001704C /* size of the residual buffer */
#define KARHUNEN_BUFFERS_TABLE_BYTES_ADDRESS 0x10017050 /* size of the table memory of the encoder and of each decoder */
#define KARHUNEN_BUFFERS_WEIGHT_PEAK_ADDRESS 0x10017054 /* most bytes ever held */
#define KARHUNEN_BUFFERS_ACTIVATION_PEAK_ADDRESS 0x10017058 /* most bytes ever held */
#define KARHUNEN_BUFFERS_OUTPUT_PEAK_ADDRESS 0x1001705C /* most bytes ever held */
#define KARHUNEN_BUFFERS_RESIDUAL_PEAK_ADDRESS 0x10017060 /* most bytes ever held */

#endif
