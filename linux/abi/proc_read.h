/* SPDX-License-Identifier: MIT */
/* proc_read.h: entries of /proc as they were until 3.9: a function fills a page. */
#ifndef IRQLAB_ABI_PROC_READ_H
#define IRQLAB_ABI_PROC_READ_H

#include "proc.h"

IRQLAB_ABI_BEGIN

typedef int read_proc_t(char *page, char **start, off_t off, int count, int *eof, void *data);
struct proc_dir_entry *create_proc_read_entry(const char *name, mode_t mode, struct proc_dir_entry *parent,
                                              read_proc_t *read_proc, void *data);

IRQLAB_ABI_END

#endif
