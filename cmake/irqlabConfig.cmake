# find_package(irqlab): the target irqlab::hw, the chips alone. It needs nothing else.
include("${CMAKE_CURRENT_LIST_DIR}/irqlabTargets.cmake")
