; What a Python file defines, binds, imports and calls. Capture names are read by hybridgym/parsing.py.

(function_definition) @definition.function
(class_definition) @definition.class
(lambda) @scope.lambda
[(list_comprehension) (set_comprehension) (dictionary_comprehension) (generator_expression)] @scope.comprehension

(call) @reference.call
(raise_statement . (_) @reference.raise)

(return_statement) @return
(yield) @yield

(assignment) @binding.assignment
(augmented_assignment left: (_) @binding.augmented)
(named_expression) @binding.walrus
[(for_statement) (for_in_clause)] @binding.iteration
(with_item [(as_pattern) @binding.context (parenthesized_expression (as_pattern) @binding.context)])
(except_clause (as_pattern) @binding.exception)
(case_pattern (as_pattern alias: (as_pattern_target (identifier) @binding.other)))
(as_pattern (case_pattern) (identifier) @binding.other)
(case_pattern (dotted_name . (identifier) @binding.other .))
(splat_pattern (identifier) @binding.other)
(keyword_pattern (dotted_name . (identifier) @binding.other .))
(delete_statement) @binding.deleted
(type_alias_statement left: (type (identifier) @binding.other))
(global_statement) @outer.global
(nonlocal_statement) @outer.nonlocal

[(import_statement) (import_from_statement)] @import

[(if_statement) (try_statement) (for_statement) (while_statement) (with_statement) (match_statement)] @conditional
[(for_statement) (while_statement)] @loop
(if_statement condition: [(identifier) (attribute)] @typing.condition consequence: (block) @typing.block)

(keyword_argument) @dynamic.keyword

(interpolation) @version.interpolation
(type_alias_statement) @version.parameters
(function_definition type_parameters: (type_parameter) @version.parameters)
(class_definition type_parameters: (type_parameter) @version.parameters)
