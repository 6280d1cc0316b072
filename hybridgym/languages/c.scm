; What a C file defines, declares, includes and calls. Capture names are read by hybridgym/languages/c_facts.py.
; Macros are read from the text: the grammar loses some where it cannot read what is around them.

(function_definition) @definition.function
[(struct_specifier) (union_specifier) (enum_specifier)] @definition.class
(comment) @comment
(translation_unit) @file

[(preproc_if) (preproc_ifdef) (preproc_elif) (preproc_elifdef)] @conditional
(compound_statement) @scope.block
[(for_statement) (while_statement) (do_statement)] @loop
(declaration) @binding.declared
(type_definition) @binding.type

(call_expression) @reference.call
(return_statement) @return
(preproc_include) @import
(preproc_call) @directive
