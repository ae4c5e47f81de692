"""The server: joins tools, resources and prompts to the protocol, which the official SDK speaks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from typing import Any, TypeVar

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from kb import __version__
from kb.errors import KbError, UnknownLesson, message_of
from kb.knowledge_base import KnowledgeBase
from kb.mcp import resources
from kb.mcp.prompts import PROMPTS, WrongArgument
from kb.mcp.texts import QUOTES
from kb.mcp.tools import TOOLS, Failed, Tool
from kb.serve.current import Lend
from kb.serve.problems import Refused
from kb.serve.workers import Workers
from search.errors import SearchError

Context = ServerRequestContext[Any, Any]
WhoWrites = Callable[[Context], str | None]
"""Returns who sends a request that may write; empty for the user of this machine, None if it may not."""
Report = Callable[[Exception], object]
_Result = TypeVar("_Result")

INSTRUCTIONS = f"""\
A knowledge base of lessons: what earlier projects, interventions and incidents of this organisation taught, with the \
tools and methods that helped, the impact, and the people to ask. Before you plan, change or advise something, call \
`brief` (a task) or `search` (one question) with the problem in your own words; then `show` the lessons that fit. \
{QUOTES} Name the id of each lesson that you rely on."""


class _Answers:
    """Answers what a client asks."""

    def __init__(self, lend: Lend, workers: Workers, who_writes: WhoWrites, report: Report) -> None:
        self._lend = lend
        self._workers = workers
        self._who_writes = who_writes
        self._report = report

    async def tools(self, context: Context, asked: object) -> types.ListToolsResult:
        may_write = self._who_writes(context) is not None
        found = await self._workers.run(_described_tools)
        return types.ListToolsResult(tools=[one for one in found if may_write or not TOOLS[one.name].writes])

    async def call(self, context: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        tool, by = TOOLS.get(asked.name), self._who_writes(context)
        if tool is None or (tool.writes and by is None):
            raise MCPError(types.INVALID_PARAMS, f"there is no tool {asked.name[:100]!r}; `tools/list` names all")
        try:
            found = await self._asked(partial(tool.answered, arguments=asked.arguments or {}, by=by or ""))
        except Failed as failed:
            return _failed(str(failed))
        except (KbError, SearchError) as error:
            return _failed(message_of(error))
        except Refused as refused:
            return _failed(refused.detail)
        except Exception as error:
            self._report(error)
            return _failed("the tool failed at this request; the log of `kb mcp` says where")
        content: list[types.ContentBlock] = [types.TextContent(type="text", text=found.text)]
        return types.CallToolResult(content=content, structured_content=found.record)

    async def resources(
        self, context: Context, asked: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        cursor = asked.cursor if asked else None
        found = await self._or_error(lambda base: resources.page(base, cursor))
        listed = [
            types.Resource(uri=one.uri, name=one.name, title=one.title, mime_type="text/plain") for one in found.lessons
        ]
        return types.ListResourcesResult(resources=listed, next_cursor=found.following)

    async def templates(self, context: Context, asked: object) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            uri_template=resources.TEMPLATE,
            name="lesson",
            title="A lesson",
            description=f"A lesson by its id, as `show` returns it. {QUOTES}",
            mime_type="text/plain",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def resource(self, context: Context, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        text = await self._or_error(lambda base: resources.read(base, asked.uri))
        content = types.TextResourceContents(uri=asked.uri, mime_type="text/plain", text=text)
        return types.ReadResourceResult(contents=[content])

    async def completion(self, context: Context, asked: types.CompleteRequestParams) -> types.CompleteResult:
        if not isinstance(asked.ref, types.ResourceTemplateReference) or asked.ref.uri != resources.TEMPLATE:
            return types.CompleteResult(completion=types.Completion(values=[], total=0, has_more=False))
        found = await self._or_error(lambda base: resources.completed(base, {"value": asked.argument.value}))
        values = list(found.ids)
        return types.CompleteResult(
            completion=types.Completion(values=values, total=found.total, has_more=len(values) < found.total)
        )

    async def prompts(self, context: Context, asked: object) -> types.ListPromptsResult:
        listed = [
            types.Prompt(
                name=name,
                title=prompt.title,
                description=prompt.description,
                arguments=[
                    types.PromptArgument(name=one.name, description=one.description, required=one.is_required)
                    for one in prompt.arguments
                ],
            )
            for name, prompt in PROMPTS.items()
        ]
        return types.ListPromptsResult(prompts=listed)

    async def prompt(self, context: Context, asked: types.GetPromptRequestParams) -> types.GetPromptResult:
        prompt = PROMPTS.get(asked.name)
        if prompt is None:
            raise MCPError(types.INVALID_PARAMS, f"there is no prompt {asked.name[:100]!r}; `prompts/list` names all")
        try:
            text = prompt.message(asked.arguments or {}, may_write=self._who_writes(context) is not None)
        except WrongArgument as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from error
        message = types.PromptMessage(role="user", content=types.TextContent(type="text", text=text))
        return types.GetPromptResult(description=prompt.description, messages=[message])

    async def _asked(self, ask: Callable[[KnowledgeBase], _Result]) -> _Result:
        def asked() -> _Result:
            with self._lend() as base:
                return ask(base)

        return await self._workers.run(asked)

    async def _or_error(self, ask: Callable[[KnowledgeBase], _Result]) -> _Result:
        """Return what is asked, outside of tools, where an error is one of the protocol."""
        try:
            return await self._asked(ask)
        except (Failed, UnknownLesson, resources.UnknownCursor) as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from error
        except (KbError, SearchError) as error:
            raise MCPError(types.INTERNAL_ERROR, message_of(error)) from error
        except Refused as refused:
            raise MCPError(types.INTERNAL_ERROR, refused.detail) from refused
        except Exception as error:
            self._report(error)
            raise MCPError(types.INTERNAL_ERROR, HTTPStatus.INTERNAL_SERVER_ERROR.phrase) from error


def server(lend: Lend, workers: Workers, who_writes: WhoWrites, report: Report) -> Server[Any]:
    """Return the server of one library; `report` is called with each error that nobody foresaw."""
    answers = _Answers(lend, workers, who_writes, report)
    return Server(
        "kb",
        version=__version__,
        title="Lessons",
        instructions=INSTRUCTIONS,
        on_list_tools=answers.tools,
        on_call_tool=answers.call,
        on_list_resources=answers.resources,
        on_list_resource_templates=answers.templates,
        on_read_resource=answers.resource,
        on_completion=answers.completion,
        on_list_prompts=answers.prompts,
        on_get_prompt=answers.prompt,
    )


@cache
def _described_tools() -> tuple[types.Tool, ...]:
    return tuple(_described(name, tool) for name, tool in TOOLS.items())


def _described(name: str, tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(
        read_only_hint=not tool.writes,
        destructive_hint=False,
        idempotent_hint=not tool.writes,
        open_world_hint=False,
    )
    return types.Tool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=hints,
    )


def _failed(message: str) -> types.CallToolResult:
    content: list[types.ContentBlock] = [types.TextContent(type="text", text=message)]
    return types.CallToolResult(content=content, is_error=True)
