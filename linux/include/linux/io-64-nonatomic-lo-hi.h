/* SPDX-License-Identifier: MIT */
/* linux/io-64-nonatomic-lo-hi.h: 64-bit accesses */
#ifndef IRQLAB_LINUX_IO_64_NONATOMIC_LO_HI_H
#define IRQLAB_LINUX_IO_64_NONATOMIC_LO_HI_H
#include <linux/io.h>
#endif
