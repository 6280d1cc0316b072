; What a Rust file defines, binds, imports and calls. Capture names are read by hybridgym/languages/rust_facts.py;
; those that begin with `definition.` decide what is defined and where it belongs.

(function_item) @definition.function
(function_signature_item) @definition.signature
[(struct_item) (enum_item) (union_item) (trait_item)] @definition.class
(impl_item) @definition.impl
(mod_item) @definition.module
(foreign_mod_item) @definition.foreign
(attribute_item) @definition.attribute
[(line_comment) (block_comment)] @definition.comment

(block) @scope.block
(closure_expression) @scope.closure
(match_expression) @scope.match
(if_expression condition: [(let_condition) (let_chain)]) @scope.condition
(while_expression condition: [(let_condition) (let_chain)]) @scope.condition
(for_expression) @scope.for

(let_declaration) @binding.let
[(const_item) (static_item) (type_item) (associated_type)] @binding.item

(call_expression) @reference.call
(macro_invocation) @reference.macro

(macro_definition) @macro.definition
(source_file [(macro_invocation) @macro.item (expression_statement (macro_invocation) @macro.item)])
(declaration_list (macro_invocation) @macro.item)

(use_declaration) @import.use
(extern_crate_declaration) @import.crate
