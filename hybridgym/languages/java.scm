; What a Java file defines, binds, imports and calls. Capture names are read by hybridgym/languages/java_facts.py.

[
  (class_declaration)
  (interface_declaration)
  (enum_declaration)
  (record_declaration)
  (annotation_type_declaration)
] @definition.class
[(method_declaration) (constructor_declaration) (compact_constructor_declaration)] @definition.function
[(line_comment) (block_comment)] @comment

(object_creation_expression (class_body) @scope.anonymous)
(enum_constant body: (class_body) @scope.constant)
(lambda_expression) @scope.lambda
[(for_statement) (enhanced_for_statement) (while_statement) (do_statement)] @loop
(catch_clause) @scope.catch
(try_with_resources_statement) @scope.resources
(local_variable_declaration) @binding.local
(instanceof_expression name: (identifier)) @binding.instance
[(type_pattern) (record_pattern_component)] @binding.pattern

[(field_declaration) (constant_declaration)] @binding.field
(enum_constant) @binding.constant

(method_invocation) @reference.call
(object_creation_expression) @reference.new
(explicit_constructor_invocation) @reference.constructor

(package_declaration) @import.package
(import_declaration) @import.name
