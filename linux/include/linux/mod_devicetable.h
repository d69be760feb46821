/* SPDX-License-Identifier: MIT */
/* linux/mod_devicetable.h: tables of the devices that a driver serves. */
#ifndef _LINUX_MOD_DEVICETABLE_H
#define _LINUX_MOD_DEVICETABLE_H
#include <linux/types.h>
#include <abi/pci.h>
struct of_device_id { char name[32], type[32], compatible[128]; const void *data; };
struct acpi_device_id { u8 id[16]; kernel_ulong_t driver_data; u32 cls, cls_msk; };
struct pnp_device_id { u8 id[8]; kernel_ulong_t driver_data; };
struct input_device_id {
    kernel_ulong_t flags;
    u16 bustype, vendor, product, version;
    kernel_ulong_t evbit[1], keybit[12], relbit[1], absbit[1], mscbit[1], ledbit[1], sndbit[1], ffbit[2], swbit[1],
        propbit[1];
    kernel_ulong_t driver_info;
};
#define INPUT_DEVICE_ID_MATCH_EVBIT 0x0010
#endif
