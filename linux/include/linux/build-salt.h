/* SPDX-License-Identifier: MIT */
/* linux/build-salt.h: the note that tells builds apart; empty here. */
#ifndef _LINUX_BUILD_SALT_H
#define _LINUX_BUILD_SALT_H
#define BUILD_SALT
#define BUILD_LTO_INFO
#endif
