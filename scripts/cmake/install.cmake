# What belongs together: the programs, what they load, and the unit tests; and cmake --install
# (emulator/media installs its own parts).
include(GNUInstallDirs)

set(installed_programs)
foreach(program bluebatch bluebatch-emulator bluebatch-ffmpeg)
    if(TARGET ${program})
        list(APPEND installed_programs ${program})
    endif()
endforeach()

# All that a user runs. ./scripts/demo builds nothing else.
add_custom_target(programs DEPENDS ${installed_programs})

if(PROJECT_IS_TOP_LEVEL AND BUILD_TESTING)
    get_property(test_targets DIRECTORY ${CMAKE_SOURCE_DIR}/tests PROPERTY BUILDSYSTEM_TARGETS)
    list(FILTER test_targets INCLUDE REGEX "_test$")
    add_custom_target(unit_tests DEPENDS ${test_targets})
endif()

foreach(program bluebatch bluebatch-emulator)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endforeach()
