/* What a run prints: names out of the loadable, the best classes of a picture. */
#ifndef KARHUNEN_FIRMWARE_RESULT_H
#define KARHUNEN_FIRMWARE_RESULT_H

#include "network.h"

void print_name(const struct network* network, uint32_t name); /* offset in STRINGS */
/* false: the logits in memory are not those that were stored; it has said so. */
bool print_result(const struct network* network, uint32_t image);

#endif
