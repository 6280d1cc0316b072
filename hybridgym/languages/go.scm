; What a Go file defines, binds, imports and calls. Capture names are read by hybridgym/languages/go_facts.py.

(function_declaration) @definition.function
(method_declaration) @definition.method
(type_declaration) @definition.types
(func_literal) @scope.literal
(comment) @comment

[(block) (expression_case) (type_case) (default_case) (communication_case)] @block
(if_statement initializer: (short_var_declaration)) @scope.block
(for_statement (for_clause initializer: (short_var_declaration))) @scope.block
(for_statement (range_clause left: (_))) @scope.block
(expression_switch_statement initializer: (short_var_declaration)) @scope.block
(type_switch_statement initializer: (short_var_declaration)) @scope.block
(type_switch_statement alias: (_)) @scope.cases
(communication_case communication: (receive_statement left: (_))) @scope.block

(call_expression) @reference.call
(type_conversion_expression type: (generic_type)) @reference.generic

(short_var_declaration) @binding.short
(var_spec) @binding.variable
(const_declaration) @binding.constants
(range_clause left: (_)) @binding.range
(receive_statement left: (_)) @binding.receive
(assignment_statement) @store
(unary_expression operator: "&" operand: (identifier) @address)

(composite_literal) @literal

(package_clause) @package
(import_spec) @import
(for_statement) @loop
