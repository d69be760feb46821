/* SPDX-License-Identifier: MIT */
/* linux/uidgid.h: users and groups, in types that cannot be mixed. */
#ifndef _LINUX_UIDGID_H
#define _LINUX_UIDGID_H
#include <linux/types.h>
#define KUIDT_INIT(value) (kuid_t){value}
#define KGIDT_INIT(value) (kgid_t){value}
#define GLOBAL_ROOT_UID KUIDT_INIT(0)
#define GLOBAL_ROOT_GID KGIDT_INIT(0)
#define INVALID_UID KUIDT_INIT(-1)
struct user_namespace;
static inline uid_t __kuid_val(kuid_t uid) { return uid.val; }
static inline gid_t __kgid_val(kgid_t gid) { return gid.val; }
static inline bool uid_eq(kuid_t a, kuid_t b) { return a.val == b.val; }
static inline bool gid_eq(kgid_t a, kgid_t b) { return a.val == b.val; }
static inline bool uid_valid(kuid_t uid) { return uid.val != (uid_t)-1; }
static inline kuid_t make_kuid(struct user_namespace *from, uid_t uid) { return KUIDT_INIT(uid); }
static inline kgid_t make_kgid(struct user_namespace *from, gid_t gid) { return KGIDT_INIT(gid); }
static inline uid_t from_kuid(struct user_namespace *to, kuid_t uid) { return uid.val; }
static inline gid_t from_kgid(struct user_namespace *to, kgid_t gid) { return gid.val; }
static inline uid_t from_kuid_munged(struct user_namespace *to, kuid_t uid) { return uid.val; }
#define init_user_ns (*(struct user_namespace *)0)
#define current_user_ns() ((struct user_namespace *)0)
#endif
