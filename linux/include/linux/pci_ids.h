/* SPDX-License-Identifier: MIT */
/* linux/pci_ids.h: vendors and classes that drivers of the modelled devices name. */
#ifndef _LINUX_PCI_IDS_H
#define _LINUX_PCI_IDS_H
#define PCI_CLASS_NOT_DEFINED 0x0000
#define PCI_CLASS_NETWORK_ETHERNET 0x0200
#define PCI_CLASS_COMMUNICATION_SERIAL 0x0700
#define PCI_CLASS_OTHERS 0xff
#define PCI_VENDOR_ID_INTEL 0x8086
#define PCI_DEVICE_ID_INTEL_82801AA_3 0x2413
#define PCI_VENDOR_ID_REALTEK 0x10ec
#define PCI_VENDOR_ID_ALTERA 0x1172
#define PCI_VENDOR_ID_REDHAT_QUMRANET 0x1af4
#define PCI_VENDOR_ID_REDHAT 0x1b36
#endif
