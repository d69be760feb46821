# The chips as a library of their own, for programs of any kind: find_package(irqlab), target irqlab::hw. It is compiled
# anew, without the lab's flags (position, sanitizers, warnings). docs/library.md
file(GLOB_RECURSE hw_sources CONFIGURE_DEPENDS hw/*.cpp)
add_library(irqlab_hw_alone STATIC ${hw_sources})
set_target_properties(irqlab_hw_alone PROPERTIES EXPORT_NAME hw OUTPUT_NAME irqlab_hw_alone POSITION_INDEPENDENT_CODE ON)
target_compile_features(irqlab_hw_alone PUBLIC cxx_std_20)
target_compile_options(irqlab_hw_alone PRIVATE -fno-exceptions -fno-threadsafe-statics)
target_include_directories(irqlab_hw_alone PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/irqlab>)
include(CMakePackageConfigHelpers)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/irqlabConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(TARGETS irqlab_hw_alone EXPORT irqlab ARCHIVE COMPONENT library)
install(DIRECTORY hw DESTINATION include/irqlab COMPONENT library FILES_MATCHING PATTERN "*.hpp")
install(EXPORT irqlab FILE irqlabTargets.cmake NAMESPACE irqlab:: DESTINATION lib/cmake/irqlab COMPONENT library)
install(FILES cmake/irqlabConfig.cmake ${PROJECT_BINARY_DIR}/irqlabConfigVersion.cmake
  DESTINATION lib/cmake/irqlab COMPONENT library)
