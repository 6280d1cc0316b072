; What only tree-sitter-typescript has; the rest is in ecmascript.scm.

[(abstract_class_declaration) (interface_declaration) (enum_declaration)] @definition.class
(public_field_definition) @field
(required_parameter [(accessibility_modifier) (override_modifier) "readonly"]) @field.parameter
(optional_parameter [(accessibility_modifier) (override_modifier) "readonly"]) @field.parameter

(class_body (abstract_method_signature) @member)
(interface_body [(method_signature) (property_signature)] @member)

(type_alias_declaration) @binding.alias
(import_alias) @binding.import
[(internal_module) (module)] @binding.namespace
(function_signature) @binding.declared
(property_signature name: (property_identifier) @dynamic.key)
(method_signature name: (property_identifier) @dynamic.key)
