"""The library as a static site: pages for any web server, which are searched without one."""
