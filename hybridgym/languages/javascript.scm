; What only tree-sitter-javascript has; the rest is in ecmascript.scm.

(field_definition) @field
