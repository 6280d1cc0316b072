; What a JavaScript or TypeScript file defines, binds, imports and calls; javascript.scm and typescript.scm add
; what only one of the grammars has. Capture names are read by hybridgym/languages/javascript_facts.py.

[(function_declaration) (generator_function_declaration)] @definition.function
[(arrow_function) (function_expression) (generator_function)] @definition.value
(method_definition) @definition.method
[(class_declaration) (class)] @definition.class
[(comment) (decorator)] @definition.comment

(statement_block) @block
[(for_statement) (for_in_statement) (catch_clause) (switch_body)] @scope.block
(class_static_block) @scope.static

(call_expression) @reference.call
(new_expression) @reference.new

(return_statement) @return

(lexical_declaration) @binding.let
(variable_declaration) @binding.var
(assignment_expression) @binding.assignment
(augmented_assignment_expression operator: ["||=" "&&=" "??="]) @binding.assignment
(for_in_statement) @binding.iteration
(catch_clause parameter: (_) @binding.caught)

(import_statement) @import
(export_statement) @export
(object) @object

(pair key: (property_identifier) @dynamic.key
  value: [(identifier) (member_expression) (call_expression) (arrow_function) (function_expression)
          (ternary_expression) (binary_expression)])
(method_definition name: (property_identifier) @dynamic.key)
(shorthand_property_identifier) @dynamic.key

[(if_statement) (for_statement) (for_in_statement) (while_statement) (do_statement) (try_statement)
 (switch_statement)] @conditional
