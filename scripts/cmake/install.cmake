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

# What the client tells of itself, for shells and for man.
if(TARGET bluebatch AND NOT CMAKE_CROSSCOMPILING)
    set(generated ${CMAKE_BINARY_DIR}/generated)
    set(client_pages bluebatch bluebatch-transcode bluebatch-run bluebatch-doctor)
    foreach(group pool node job task file container blob account)
        list(APPEND client_pages bluebatch-${group})
    endforeach()
    set(client_documents)
    foreach(page IN LISTS client_pages)
        add_custom_command(OUTPUT ${generated}/${page}.1
            COMMAND bluebatch manual ${page} > ${generated}/${page}.1 DEPENDS bluebatch VERBATIM)
        list(APPEND client_documents ${generated}/${page}.1)
        install(FILES ${generated}/${page}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    endforeach()
    foreach(shell bash zsh fish)
        add_custom_command(OUTPUT ${generated}/completion.${shell}
            COMMAND bluebatch completion ${shell} > ${generated}/completion.${shell} DEPENDS bluebatch VERBATIM)
        list(APPEND client_documents ${generated}/completion.${shell})
    endforeach()
    file(MAKE_DIRECTORY ${generated})
    install(FILES ${generated}/completion.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME bluebatch)
    install(FILES ${generated}/completion.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _bluebatch)
    install(FILES ${generated}/completion.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME bluebatch.fish)
    # The programs are what an installation without the tests builds, and they come with their pages.
    add_custom_target(client_documents ALL DEPENDS ${client_documents})
    add_dependencies(programs client_documents)
endif()
