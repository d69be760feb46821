// SPDX-License-Identifier: MIT OR GPL-2.0
/* twin_cousin: another class, but the same device `twin`. */
#define TWIN_CLASS "cousins"
#include "twin.h"
