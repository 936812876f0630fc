/* What a run prints: names out of the loadable, the best classes of a picture. */
#ifndef KARHUNEN_FIRMWARE_RESULT_H
#define KARHUNEN_FIRMWARE_RESULT_H

#include "network.h"

void print_name(const struct network* network, uint32_t name); /* offset in STRINGS */
void print_result(const struct network* network, uint32_t image);

#endif
