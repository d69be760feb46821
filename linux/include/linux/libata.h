/* SPDX-License-Identifier: MIT */
/* linux/libata.h: disks are not modelled; drivers that include it for something else get what it brings along. */
#ifndef __LINUX_LIBATA_H__
#define __LINUX_LIBATA_H__
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/interrupt.h>
#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>
#include <linux/io.h>
#include <linux/workqueue.h>
#include <linux/sched.h>
#endif
