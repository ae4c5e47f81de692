"""The files of an index: written atomically, memory-mapped and verified. The memory and the cores of this process."""

from typing import TYPE_CHECKING

from search.lazy import names_of

if TYPE_CHECKING:
    from search.storage.arrays import map_array as map_array
    from search.storage.arrays import write_array as write_array
    from search.storage.atomic import file_beside as file_beside
    from search.storage.atomic import folder_beside as folder_beside
    from search.storage.atomic import leftovers as leftovers
    from search.storage.atomic import remove as remove
    from search.storage.atomic import remove_left as remove_left
    from search.storage.atomic import remove_leftovers as remove_leftovers
    from search.storage.atomic import replace_file as replace_file
    from search.storage.memory import be_sparing as be_sparing
    from search.storage.memory import collect_seldom as collect_seldom
    from search.storage.memory import is_lack_of_memory as is_lack_of_memory
    from search.storage.parallel import usable_cores as usable_cores
    from search.storage.sqlite import Form as Form
    from search.storage.sqlite import require_schema as require_schema
    from search.storage.string_list import StringList as StringList
    from search.storage.verified_record import Stamp as Stamp
    from search.storage.verified_record import VerifiedRecord as VerifiedRecord
else:
    __getattr__ = names_of(globals())
