// SPDX-License-Identifier: MIT OR GPL-2.0
/* twin_second: class `twins`, device `twin`. */
#define TWIN_CLASS "twins"
#include "twin.h"
