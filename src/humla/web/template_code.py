"""How a template becomes Python: as Jinja does it, with the parts left out that our templates never use.

Here: the environment's own code generator, with plain functions for macros and calls, and text that is
escaped without becoming `Markup` on the way to the page. Not here: what templates may call and their filters
(`humla.web.jinja`).

A plan is four hundred macros and twelve hundred values. Jinja asks at every call whether what is called
wants the context, and at every macro whether its surroundings escape; ours always escape, and what wants the
context is known when the template is compiled. The tests lay the two beside each other.
"""

from collections.abc import MutableMapping
from functools import partial
from keyword import iskeyword
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from markupsafe import Markup, escape

safe = partial(str.__new__, Markup)
"""A text that is safe already, marked so without asking it again."""


def written(value: object) -> str:
    """The value as it stands on the page. What is not safe yet is escaped: never anything else."""
    return value if type(value) is Markup else escape(value)


class PageCode(CodeGenerator):
    """Writes the Python of one template. Every template of ours escapes (`PageEnvironment`)."""

    def write_commons(self) -> None:
        """What the root and each block begin with."""
        super().write_commons()
        self.writeline("_written = environment.written; _safe = environment.safe")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("_written(")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """A macro is a function with its own names for what it takes; the body fills in what is missing."""
        names = [one.name for one in macro_ref.node.args]
        if macro_ref.accesses_kwargs or macro_ref.accesses_varargs or any(map(_is_taken, names)):
            super().macro_def(macro_ref, frame)
            return
        taken, given = [f"{name}=missing" for name in names], list(names)
        if macro_ref.accesses_caller and "caller" not in names:
            taken.append("caller=missing")
            given.append("environment.no_caller if caller is missing else caller")
        self.write(f"(lambda _macro: lambda {', '.join(taken)}: _safe(_macro({', '.join(given)})))(macro)")

    def visit_Call(  # noqa: N802 - the name that Jinja asks for
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Calls it, unless it is one of the few that want to know where they are called."""
        if node.dyn_args or node.dyn_kwargs or self._wants_context(node) or any(map(_is_word, node.kwargs)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for given in [*node.args, *node.kwargs]:
            self.visit(given, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def _wants_context(self, node: nodes.Call) -> bool:
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        return hasattr(self.environment.globals.get(name), "jinja_pass_arg")


class PageEnvironment(Environment):
    """Jinja's environment with that code generator. It always escapes."""

    code_generator_class = PageCode
    written = staticmethod(written)
    safe = staticmethod(safe)

    @property
    def no_caller(self) -> Any:
        """What a macro finds that is called without a block of its own."""
        return self.undefined("No caller defined", name="caller")

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's own: no template of ours has others, and two dicts cost at each import."""
        return super().make_globals(d) if d else self.globals


def _is_word(given: nodes.Keyword) -> bool:
    return iskeyword(given.key)


def _is_taken(name: str) -> bool:
    return iskeyword(name) or name in ("environment", "missing", "_macro", "_safe")
