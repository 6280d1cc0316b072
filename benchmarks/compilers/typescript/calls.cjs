// What each call in a folder reaches, by TypeScript's checker: a JSON line for each call that it attributes.
//
//     node calls.cjs FOLDER
//
// The checker knows declarations; what depends on the run is found by looking at values: a variable that is assigned
// to, a parameter, a conditional, a method that is overridden or replaced are open. Nothing of the folder is run.
"use strict";

const fs = require("fs");
const path = require("path");
const ts = require("typescript");

const K = ts.SyntaxKind;
const root = fs.realpathSync(process.argv[2]);
const SOURCE = /\.[cm]?[jt]sx?$/;
const DECLARATION = /\.d\.[cm]?ts$/;
const TEST = /(^|\/)(tests?|__tests__|__mocks__|specs?|e2e|cypress|testing)\/|[._-](test|spec)s?(-d)?\.[cm]?[jt]sx?$/;
const MAX_DEPTH = 12;

// files and configuration

function filesBelow(folder, found = []) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === "node_modules" || entry.name === ".git" || entry.isSymbolicLink()) continue;
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) filesBelow(place, found);
    else if (SOURCE.test(entry.name)) found.push(place);
    else if (entry.name === "package.json") packages.set(nameOf(place), folder);
  }
  return found;
}

function nameOf(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).name || "";
  } catch {
    return "";
  }
}

const packages = new Map();
const OWN = {
  allowJs: true,
  checkJs: true,
  noEmit: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  esModuleInterop: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  strict: true,
  jsx: ts.JsxEmit.Preserve,
  maxNodeModuleJsDepth: 0,
  lib: ["lib.esnext.full.d.ts"],
  types: ["node"],
  typeRoots: [path.resolve(path.dirname(require.resolve("typescript")), "../../@types")],
  experimentalDecorators: true,
};

const configurations = new Map();
function configurationOf(folder) {
  if (configurations.has(folder)) return configurations.get(folder);
  let found = null;
  for (const name of ["tsconfig.json", "jsconfig.json"]) {
    const place = path.join(folder, name);
    if (fs.existsSync(place)) {
      const read = ts.readConfigFile(place, ts.sys.readFile);
      const host = { ...ts.sys, readDirectory: () => [] };
      const parsed = ts.parseJsonConfigFileContent(read.config || {}, host, folder).options;
      found = { ...OWN, baseUrl: parsed.baseUrl, paths: parsed.paths, pathsBasePath: parsed.pathsBasePath };
      break;
    }
  }
  if (!found) found = folder === root || path.dirname(folder) === folder ? OWN : configurationOf(path.dirname(folder));
  configurations.set(folder, found);
  return found;
}

const marked = new Set();
const host = ts.createCompilerHost(OWN, true);
const readFile = host.readFile;
host.readFile = (file) => {
  if (inside(file) && fs.existsSync(file) && fs.readFileSync(file).subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])))
    marked.add(file);
  return readFile(file);
};
host.resolveModuleNameLiterals = (literals, containing) =>
  literals.map(({ text }) => {
    const options = configurationOf(path.dirname(containing));
    let { resolvedModule } = ts.resolveModuleName(text, containing, options, host);
    if (!resolvedModule && !text.startsWith(".")) {
      const name = text.split("/").slice(0, text.startsWith("@") ? 2 : 1).join("/");
      const folder = packages.get(name);
      const place = folder && path.join(folder, text.slice(name.length));
      if (place) ({ resolvedModule } = ts.resolveModuleName(place, containing, options, host));
    }
    if (resolvedModule && DECLARATION.test(resolvedModule.resolvedFileName) && inside(resolvedModule.resolvedFileName)) {
      const stem = resolvedModule.resolvedFileName.replace(DECLARATION, "");
      for (const suffix of [".js", ".mjs", ".cjs", ".jsx"]) {
        if (fs.existsSync(stem + suffix))
          resolvedModule = { resolvedFileName: stem + suffix, extension: suffix, isExternalLibraryImport: false };
      }
    }
    return { resolvedModule };
  });

function inside(file) {
  return file.startsWith(root + path.sep) && !file.includes(`${path.sep}node_modules${path.sep}`);
}

const files = filesBelow(root).filter((file) => !DECLARATION.test(file) || !hasSource(file));
function hasSource(file) {
  const stem = file.replace(DECLARATION, "");
  return [".js", ".mjs", ".cjs", ".jsx"].some((suffix) => fs.existsSync(stem + suffix));
}

const program = ts.createProgram(files, OWN, host);
const checker = program.getTypeChecker();
const sources = program.getSourceFiles().filter((file) => inside(file.fileName) && !file.isDeclarationFile);

// what is assigned, and who overrides

const assigned = new Map(); // symbol → assigned expressions, null where it is not known
const derived = new Map(); // class symbol → classes of the repository that inherit from it or implement it

function note(symbol, value, file) {
  if (!symbol) return;
  if (!assigned.has(symbol)) assigned.set(symbol, []);
  assigned.get(symbol).push({ value, isTest: TEST.test(path.relative(root, file.fileName)), file });
}

function survey(node, file) {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind >= K.FirstAssignment && node.operatorToken.kind <= K.LastAssignment) {
    const { left } = node;
    if (ts.isIdentifier(left) || ts.isPropertyAccessExpression(left)) note(symbolAt(left), node.right, file);
    else if (ts.isObjectLiteralExpression(left) || ts.isArrayLiteralExpression(left)) surveyPattern(left, file);
  } else if ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && !ts.isVariableDeclarationList(node.initializer)) {
    note(symbolAt(node.initializer), null, file);
  } else if (ts.isClassLike(node)) {
    for (const clause of node.heritageClauses || []) {
      for (const type of clause.types) {
        const base = aliased(checker.getSymbolAtLocation(type.expression));
        const isOwn = base && (base.declarations || []).includes(node); // an interface of the class's name is part of it
        if (base && !isOwn) derived.set(base, [...(derived.get(base) || []), node]);
      }
    }
  }
  ts.forEachChild(node, (child) => survey(child, file));
}

function surveyPattern(pattern, file) {
  const visit = (node) => {
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) note(symbolAt(node), null, file);
    else ts.forEachChild(node, visit);
  };
  visit(pattern);
}

function symbolAt(node) {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  return checker.getSymbolAtLocation(name);
}

function aliased(symbol) {
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

for (const file of sources) survey(file, file);

function descendantsOf(symbol, seen = new Set()) {
  for (const node of derived.get(symbol) || []) {
    const own = node.symbol;
    if (own && !seen.has(own)) {
      seen.add(own);
      descendantsOf(own, seen);
    }
  }
  return seen;
}

function isOverridden(type, name) {
  const symbol = type && type.symbol;
  if (!symbol) return false;
  for (const other of descendantsOf(symbol)) {
    const members = other.members && other.members.get(ts.escapeLeadingUnderscores(name));
    if (members) return true;
  }
  return false;
}

// answers

const OUTSIDE = { outcome: "outside" };
const BUILTIN = { outcome: "builtin" };
const UNKNOWN = null;
const open = (why) => ({ outcome: "open", why });

function definition(node, name) {
  // a node in the repository that declares a function or class under a name
  const file = node.getSourceFile();
  if (!inside(file.fileName)) return /[/\\]typescript[/\\]lib[/\\]/.test(file.fileName) ? BUILTIN : OUTSIDE;
  if (file.isDeclarationFile) return UNKNOWN;
  const { line } = file.getLineAndCharacterOfPosition(name.getStart(file));
  const text = ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : name.getText(file);
  return { outcome: "repository", target_path: relative(file), target_row: line, name: text };
}

function relative(file) {
  return path.relative(root, file.fileName).split(path.sep).join("/");
}

function unwrapped(node) {
  for (;;) {
    if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node)) node = node.expression;
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === K.CommaToken) node = node.right;
    else return node;
  }
}

function isFunctionLiteral(node) {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

// What calling an expression reaches.
function reachOf(expression, isNew, depth = 0) {
  if (depth > MAX_DEPTH) return UNKNOWN;
  const node = unwrapped(expression);
  if (isFunctionLiteral(node) || ts.isClassExpression(node)) return ofLiteral(node);
  if (node.kind === K.ImportKeyword) return BUILTIN;
  if (node.kind === K.SuperKeyword) return ofSuper(node);
  if (node.kind === K.ThisKeyword) return ofThis(node, isNew);
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) return byType(node);
  if (ts.isConditionalExpression(node)) return sameOf([node.whenTrue, node.whenFalse], isNew, depth);
  if (ts.isBinaryExpression(node)) {
    const kind = node.operatorToken.kind;
    if (kind === K.AmpersandAmpersandToken || kind === K.EqualsToken) return reachOf(node.right, isNew, depth + 1);
    if (kind === K.BarBarToken || kind === K.QuestionQuestionToken) return sameOf([node.left, node.right], isNew, depth);
    return byType(node);
  }
  if (ts.isIdentifier(node)) {
    if (node.text === "require" && !isDeclaredHere(node)) return BUILTIN;
    return ofSymbol(symbolAt(node), node, isNew, depth);
  }
  if (ts.isPropertyAccessExpression(node)) return ofProperty(node, isNew, depth);
  if (ts.isElementAccessExpression(node) && node.argumentExpression && ts.isStringLiteralLike(node.argumentExpression)) {
    const type = checker.getApparentType(checker.getTypeAtLocation(node.expression));
    const symbol = checker.getPropertyOfType(type, node.argumentExpression.text);
    return symbol ? ofMember(symbol, node, isNew, depth) : byType(node);
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "bind") {
    const bound = node.expression.expression;
    if (checker.getTypeAtLocation(bound).getCallSignatures().length) return reachOf(bound, isNew, depth + 1);
  }
  return byType(node);
}

function isDeclaredHere(node) {
  const symbol = symbolAt(node);
  return !!symbol && (symbol.declarations || []).some((d) => d.getSourceFile() === node.getSourceFile());
}

function sameOf(nodes, isNew, depth) {
  const kept = nodes.filter((n) => n.kind !== K.NullKeyword && n.getText() !== "undefined");
  const found = kept.map((n) => reachOf(n, isNew, depth + 1));
  if (found.some((f) => f === UNKNOWN)) return open("several");
  const first = JSON.stringify(found[0]);
  return found.every((f) => JSON.stringify(f) === first) ? found[0] : open("several");
}

// A function or class that is written where it is called, or is the value of something.
function ofLiteral(node) {
  const around = node.parent;
  if (!inside(node.getSourceFile().fileName)) return OUTSIDE;
  if (ts.isVariableDeclaration(around) && ts.isIdentifier(around.name)) return definition(node, around.name);
  if (ts.isPropertyDeclaration(around)) return definition(node, around.name);
  if (ts.isPropertyAssignment(around)) return isPlaced(around.parent) ? definition(node, around.name) : BUILTIN;
  if (ts.isBinaryExpression(around) && around.operatorToken.kind === K.EqualsToken && around.right === node) {
    const { left } = around;
    if (!ts.isPropertyAccessExpression(left) || !rooted(left.expression)) return BUILTIN;
    const text = left.getText().replace(/\s/g, "");
    if (text !== "module.exports") return definition(node, left.name);
    return { ...definition(node, left.name), name: node.name ? node.name.text : "exports" };
  }
  if (ts.isExportAssignment(around) && !around.isExportEquals) return { ...definition(node, node), name: "default" };
  return { outcome: "builtin", why: "function literal" };
}

function rooted(node) {
  while (ts.isPropertyAccessExpression(node)) node = node.expression;
  return ts.isIdentifier(node);
}

// Whether an object literal has a name, so that its functions are definitions.
function isPlaced(object, depth = 0) {
  let around = object.parent;
  while (ts.isParenthesizedExpression(around) || ts.isAsExpression(around) || ts.isSatisfiesExpression(around) || isFreezing(around))
    around = around.parent;
  if (ts.isVariableDeclaration(around)) return ts.isIdentifier(around.name);
  if (ts.isExportAssignment(around) || ts.isPropertyDeclaration(around)) return true;
  if (ts.isBinaryExpression(around))
    return around.operatorToken.kind === K.EqualsToken && ts.isPropertyAccessExpression(around.left) && rooted(around.left);
  return ts.isPropertyAssignment(around) && depth < 6 && isPlaced(around.parent, depth + 1);
}

function isFreezing(node) {
  return ts.isCallExpression(node) && /^Object\.(freeze|seal)$/.test(node.expression.getText());
}

function ofThis(node, isNew) {
  const type = checker.getTypeAtLocation(node);
  const symbol = type && type.symbol;
  if (!isNew || !symbol || !(symbol.flags & ts.SymbolFlags.Class)) return UNKNOWN;
  return descendantsOf(symbol).size ? open("may be a derived class") : ofDeclarations(symbol);
}

function ofSuper(node) {
  let own = node;
  while (own && !ts.isClassLike(own)) own = own.parent;
  for (let depth = 0; own && depth < 40; depth++) {
    const clause = (own.heritageClauses || []).find((c) => c.token === K.ExtendsKeyword);
    if (!clause) return BUILTIN;
    const symbol = aliased(checker.getSymbolAtLocation(unwrapped(clause.types[0].expression)));
    if (!symbol || !symbol.valueDeclaration) return isOutsideName(clause.types[0].expression) ? OUTSIDE : UNKNOWN;
    let base = symbol.valueDeclaration;
    if (!inside(base.getSourceFile().fileName)) return OUTSIDE;
    if (ts.isVariableDeclaration(base) && base.initializer) base = unwrapped(base.initializer);
    if (ts.isFunctionDeclaration(base)) return definition(base, base.name);
    if (!ts.isClassLike(base)) return UNKNOWN;
    const written = base.members.find((m) => ts.isConstructorDeclaration(m) && m.body);
    if (written) {
      const word = written.getChildren().find((c) => c.kind === K.ConstructorKeyword) || written;
      return definition(written, word);
    }
    own = base;
  }
  return UNKNOWN;
}

function ofProperty(node, isNew, depth) {
  const name = node.name.text;
  const receiver = unwrapped(node.expression);
  if (name === "call" || name === "apply") {
    const type = checker.getNonNullableType(checker.getTypeAtLocation(receiver));
    if (type.getCallSignatures().length || type.getConstructSignatures().length) return reachOf(receiver, isNew, depth + 1);
    if (type.flags & ts.TypeFlags.Any) return reachOf(receiver, isNew, depth + 1);
  }
  const symbol = symbolAt(node);
  if (symbol) return ofMember(symbol, node, isNew, depth);
  return isOutsideName(receiver) ? OUTSIDE : UNKNOWN;
}

// Whether an expression begins with what is imported from a module that is not in the folder.
function isOutsideName(node) {
  let base = unwrapped(node);
  while (ts.isPropertyAccessExpression(base)) base = unwrapped(base.expression);
  if (ts.isCallExpression(base) && base.expression.getText() === "require") return isOutsideModule(base.arguments[0]);
  if (!ts.isIdentifier(base)) return false;
  const symbol = symbolAt(base);
  for (const declared of (symbol && symbol.declarations) || []) {
    const statement = ts.findAncestor(declared, (n) => ts.isImportDeclaration(n) || ts.isImportEqualsDeclaration(n));
    if (statement && ts.isImportDeclaration(statement)) return isOutsideModule(statement.moduleSpecifier);
    if (ts.isVariableDeclaration(declared) || ts.isBindingElement(declared)) {
      const variable = ts.findAncestor(declared, ts.isVariableDeclaration);
      const value = variable && variable.initializer && unwrapped(variable.initializer);
      if (value && isConstant(symbol) && (ts.isCallExpression(value) || ts.isPropertyAccessExpression(value))) {
        let inner = value;
        while (ts.isPropertyAccessExpression(inner)) inner = unwrapped(inner.expression);
        if (ts.isCallExpression(inner) && inner.expression.getText() === "require") return isOutsideModule(inner.arguments[0]);
      }
    }
  }
  return false;
}

function isOutsideModule(specifier) {
  if (!specifier || !ts.isStringLiteralLike(specifier) || /^[./#~]|^@\//.test(specifier.text)) return false;
  const name = specifier.text.split("/").slice(0, specifier.text.startsWith("@") ? 2 : 1).join("/");
  const file = specifier.getSourceFile().fileName;
  const { paths } = configurationOf(path.dirname(file));
  const isMapped = Object.keys(paths || {}).some((p) => specifier.text.startsWith(p.split("*")[0]) && p !== "*");
  return !packages.has(name) && !isMapped;
}

// What a member is that is called on an object.
function ofMember(symbol, node, isNew, depth) {
  const declarations = symbol.declarations || [];
  const first = symbol.valueDeclaration || declarations[0];
  if (!first) return byType(node);
  const name = symbol.name;
  const held = literalMember(node, name);
  if (held) return ofLiteralMember(held, isNew, depth);
  if (!inside(first.getSourceFile().fileName)) return definition(first, first);
  const receiver = node.expression ? unwrapped(node.expression) : node;
  if (receiver.kind !== K.SuperKeyword && ts.isClassElement(first) && !ts.isClassStaticBlockDeclaration(first)) {
    if (isReplaced(symbol, declarations)) return open("replaced");
    if (ts.isMethodDeclaration(first) || ts.isPropertyDeclaration(first)) {
      const type = checker.getTypeAtLocation(receiver);
      const isStatic = !!(ts.getCombinedModifierFlags(first) & ts.ModifierFlags.Static);
      if (type.symbol && type.symbol.flags & ts.SymbolFlags.Interface && !(type.symbol.flags & ts.SymbolFlags.Class)) return open("interface");
      if (!isStatic && !isExact(receiver) && isOverridden(declaredType(type), name)) return open("overridden");
      if (isStatic && receiver.kind === K.ThisKeyword && staticOverridden(type, name)) return open("overridden");
    }
  } else if (isReplaced(symbol, declarations)) {
    const values = (assigned.get(symbol) || []).filter((a) => !a.isTest).map((a) => a.value);
    const isGiven = ts.isMethodSignature(first) || ts.isPropertySignature(first);
    return isGiven && values.length === 1 && values[0] && isLiteralObject(receiver) ? reachOf(values[0], isNew, depth + 1) : open("replaced");
  }
  if (first.kind === K.BinaryExpression || ts.isPropertyAccessExpression(first) || ts.isElementAccessExpression(first)) {
    if (receiver.kind !== K.SuperKeyword && !isExact(receiver) && prototypeOverridden(receiver, name)) return open("overridden");
  }
  return ofSymbol(symbol, node, isNew, depth);
}

// Whether a receiver is a constant object literal, or an object in it: what is assigned to a member is the member.
function isLiteralObject(receiver) {
  let base = receiver;
  while (ts.isPropertyAccessExpression(base)) base = unwrapped(base.expression);
  const symbol = ts.isIdentifier(base) && aliased(symbolAt(base));
  let declared = symbol && symbol.valueDeclaration;
  if (declared && ts.isBindingElement(declared)) {
    const value = aliased(checker.getPropertyOfType(checker.getTypeAtLocation(declared.parent), (declared.propertyName || declared.name).text));
    if (value && value.valueDeclaration && ts.isShorthandPropertyAssignment(value.valueDeclaration))
      declared = (checker.getShorthandAssignmentValueSymbol(value.valueDeclaration) || {}).valueDeclaration;
  }
  return !!declared && ts.isVariableDeclaration(declared) && !!declared.initializer && ts.isObjectLiteralExpression(unwrapped(declared.initializer));
}

// The property of the object literal that a receiver is, where its declared type only says an interface.
function literalMember(node, name) {
  const receiver = node.expression && unwrapped(node.expression);
  if (receiver && receiver.kind === K.ThisKeyword) return memberOfThis(receiver, name);
  const symbol = receiver && ts.isIdentifier(receiver) && aliased(symbolAt(receiver));
  const declared = symbol && symbol.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared) || !declared.type || !declared.initializer || !isConstant(symbol)) return null;
  const value = unwrapped(declared.initializer);
  if (!ts.isObjectLiteralExpression(value) || value.properties.some(ts.isSpreadAssignment)) return null;
  return value.properties.find((p) => p.name && ts.isIdentifier(p.name) && p.name.text === name) || null;
}

// Where `this` is the object literal that the method lies in, whatever type says of it.
function memberOfThis(receiver, name) {
  let around = receiver.parent;
  while (around && (ts.isArrowFunction(around) || !ts.isFunctionLike(around))) around = around.parent;
  if (!around || !ts.isMethodDeclaration(around) || !ts.isObjectLiteralExpression(around.parent)) return null;
  const type = checker.getContextualType(around.parent);
  if (!type || !type.symbol || inside(type.symbol.declarations[0].getSourceFile().fileName)) return null;
  return around.parent.properties.find((p) => p.name && ts.isIdentifier(p.name) && p.name.text === name) || null;
}

function ofLiteralMember(property, isNew, depth) {
  if (ts.isMethodDeclaration(property)) return ofFunction(property);
  if (ts.isPropertyAssignment(property)) return reachOf(property.initializer, isNew, depth + 1);
  if (!ts.isShorthandPropertyAssignment(property)) return open("accessor");
  return ofSymbol(checker.getShorthandAssignmentValueSymbol(property), property.name, isNew, depth + 1);
}

function declaredType(type) {
  const constraint = checker.getBaseConstraintOfType(type);
  return type.flags & ts.TypeFlags.TypeParameter && constraint ? constraint : type;
}

function prototypeOverridden(receiver, name) {
  const type = declaredType(checker.getTypeAtLocation(receiver));
  return isOverridden(type, name);
}

function staticOverridden(type, name) {
  for (const other of type.symbol ? descendantsOf(type.symbol) : []) {
    if (other.exports && other.exports.get(ts.escapeLeadingUnderscores(name))) return true;
  }
  return false;
}

// Whether the class of a receiver is known and not only one of its bases.
function isExact(receiver) {
  if (ts.isNewExpression(receiver)) return true;
  if (ts.isPropertyAccessExpression(receiver)) return receiver.name.text === "prototype" || exactField(receiver);
  if (!ts.isIdentifier(receiver)) return false;
  const symbol = symbolAt(receiver);
  const declared = aliased(symbol) && aliased(symbol).valueDeclaration;
  return !!declared && ts.isVariableDeclaration(declared) && !!declared.initializer && isConstant(aliased(symbol))
    && ts.isNewExpression(unwrapped(declared.initializer));
}

function exactField(receiver) {
  const symbol = symbolAt(receiver);
  const declared = symbol && symbol.valueDeclaration;
  const values = (assigned.get(symbol) || []).filter((a) => !a.isTest).map((a) => a.value);
  if (!declared || !ts.isPropertyDeclaration(declared) || declared.type) {
    return values.length > 0 && values.every((v) => v && ts.isNewExpression(unwrapped(v)));
  }
  const all = declared.initializer ? [declared.initializer, ...values] : values;
  return all.length > 0 && all.every((v) => v && ts.isNewExpression(unwrapped(v)));
}

// Whether something is assigned to a member beside what declares it.
function isReplaced(symbol, declarations) {
  const others = (assigned.get(symbol) || []).filter(({ value, isTest, file }) => {
    if (isTest && !declarations.some((d) => d.getSourceFile() === file)) return false;
    if (value && isBoundSelf(value, symbol)) return false;
    if (value && (value.kind === K.NullKeyword || value.getText() === "undefined")) return false;
    return !value || !declarations.some((d) => d === value.parent || d === value.parent.left || contains(d, value));
  });
  if (!others.length) return false;
  const first = declarations[0];
  const isField = ts.isPropertyDeclaration(first) && !first.initializer;
  return !(isField && others.length === 1);
}

function contains(outer, inner) {
  return outer.getSourceFile() === inner.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
}

function isBoundSelf(value, symbol) {
  if (!ts.isCallExpression(value) || !ts.isPropertyAccessExpression(value.expression)) return false;
  return value.expression.name.text === "bind" && ts.isPropertyAccessExpression(value.expression.expression)
    && symbolAt(value.expression.expression) === symbol;
}

function isConstant(symbol) {
  return !(assigned.get(symbol) || []).length;
}

// What a name or member stands for.
function ofSymbol(given, node, isNew, depth) {
  if (!given) return isOutsideName(node) ? OUTSIDE : UNKNOWN;
  const symbol = aliased(given);
  const declarations = symbol.declarations || [];
  if (!declarations.length) return isOutsideName(node) ? OUTSIDE : UNKNOWN;
  if (declarations.every((d) => !inside(d.getSourceFile().fileName))) return definition(declarations[0], declarations[0]);
  const functions = declarations.filter((d) => (ts.isFunctionDeclaration(d) || ts.isMethodDeclaration(d)) && d.body);
  const others = (assigned.get(symbol) || []).filter((a) => !a.isTest);
  if (functions.length && !ts.isClassElement(functions[0]) && ts.isFunctionDeclaration(functions[0])) {
    const written = others.filter((a) => !declarations.some((d) => contains(d, a.value || d)));
    return functions.length > 1 || written.length ? open("several") : ofFunction(functions[0]);
  }
  if (functions.length) return functions.length > 1 ? open("several") : ofFunction(functions[0]);
  const classes = declarations.filter(ts.isClassLike);
  if (classes.length) return others.length ? open("several") : ofClass(classes[0], isNew);
  const declared = symbol.valueDeclaration || declarations[0];
  if (ts.isParameter(declared)) return open("parameter");
  if (ts.isMethodSignature(declared) || ts.isPropertySignature(declared)) return open("interface");
  if (ts.isMethodDeclaration(declared)) return open("abstract");
  if (ts.isFunctionDeclaration(declared)) return UNKNOWN; // declared and not made
  if (ts.isGetAccessor(declared) || ts.isSetAccessor(declared)) return byType(node);
  if (ts.isVariableDeclaration(declared)) return ofVariable(symbol, declared, node, isNew, depth);
  if (ts.isBindingElement(declared)) return ofBinding(symbol, declared, node, isNew, depth);
  if (ts.isShorthandPropertyAssignment(declared)) {
    return ofSymbol(checker.getShorthandAssignmentValueSymbol(declared), node, isNew, depth + 1);
  }
  if (ts.isPropertyAssignment(declared)) return reachOf(declared.initializer, isNew, depth + 1);
  if (ts.isPropertyDeclaration(declared)) {
    if (declared.initializer) return reachOf(declared.initializer, isNew, depth + 1);
    const values = others.map((a) => a.value);
    return values.length === 1 && values[0] && !declared.type ? reachOf(values[0], isNew, depth + 1) : open("field");
  }
  if (ts.isExportAssignment(declared)) return reachOf(declared.expression, isNew, depth + 1);
  const stores = declarations.map((d) => storeOf(d)).filter(Boolean);
  if (stores.length && stores.length === declarations.length) {
    const kept = stores.filter((v) => v.kind !== K.NullKeyword);
    return kept.length === 1 ? reachOf(kept[0], isNew, depth + 1) : sameOf(kept, isNew, depth);
  }
  return byType(node);
}

// What an assignment that declares a property in JavaScript assigns.
function storeOf(declared) {
  if (ts.isBinaryExpression(declared)) return unchained(declared.right);
  const around = declared.parent;
  if (around && ts.isBinaryExpression(around) && around.left === declared) return unchained(around.right);
  return null;
}

function unchained(node) {
  while (ts.isBinaryExpression(node) && node.operatorToken.kind === K.EqualsToken && !isFunctionLiteral(node.right)) node = node.right;
  return node;
}

function ofFunction(node) {
  if (ts.isMethodDeclaration(node) && ts.isObjectLiteralExpression(node.parent) && !isPlaced(node.parent)) {
    return { outcome: "builtin", why: "function literal" };
  }
  if (ts.isMethodDeclaration(node) && ts.isComputedPropertyName(node.name)) return BUILTIN;
  if (node.name) return definition(node, node.name);
  return { ...definition(node, node), name: "default" };
}

function ofClass(node, isNew) {
  if (!isNew) return open("class is called");
  if (ts.isClassExpression(node)) return ofLiteral(node);
  return node.name ? definition(node, node.name) : { ...definition(node, node), name: "default" };
}

function ofDeclarations(symbol) {
  const node = (symbol.declarations || []).find(ts.isClassLike);
  return node ? ofClass(node, true) : UNKNOWN;
}

function ofVariable(symbol, declared, node, isNew, depth) {
  const values = (assigned.get(symbol) || []).map((a) => a.value);
  if (declared.parent.parent && (ts.isForOfStatement(declared.parent.parent) || ts.isForInStatement(declared.parent.parent))) return open("variable");
  if (ts.isCatchClause(declared.parent)) return open("variable");
  if (declared.initializer) values.unshift(declared.initializer);
  if (values.some((v) => !v)) return open("variable");
  const kept = values.filter((v) => v.kind !== K.NullKeyword && v.getText() !== "undefined");
  if (!kept.length) return isDeclaredElsewhere(declared) ? UNKNOWN : open("variable");
  if (kept.length === 1) return reachOf(kept[0], isNew, depth + 1);
  return sameOf(kept, isNew, depth);
}

function isDeclaredElsewhere(node) {
  return !!(ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient);
}

function ofBinding(symbol, declared, node, isNew, depth) {
  if ((assigned.get(symbol) || []).length || declared.dotDotDotToken || declared.initializer) return open("variable");
  const pattern = declared.parent;
  if (!ts.isObjectBindingPattern(pattern)) return open("variable");
  const key = declared.propertyName || declared.name;
  if (!ts.isIdentifier(key) && !ts.isStringLiteralLike(key)) return open("variable");
  const type = checker.getApparentType(checker.getTypeAtLocation(pattern));
  const property = checker.getPropertyOfType(type, key.text);
  if (!property) return isOutsideName(node) ? OUTSIDE : byType(node);
  const first = property.valueDeclaration || (property.declarations || [])[0];
  if (first && ts.isClassElement(first) && isOverridden(declaredType(type), key.text)) return open("overridden");
  return ofMember(property, { expression: pattern, getSourceFile: () => pattern.getSourceFile() }, isNew, depth + 1) || byType(node);
}

// Where the expression does not tell: its type says of which function it is, if it is of one.
function byType(node) {
  if (!node.kind) return UNKNOWN;
  const type = checker.getTypeAtLocation(node);
  if (type.flags & ts.TypeFlags.Any) return isOutsideName(node) ? OUTSIDE : UNKNOWN;
  const signatures = type.getCallSignatures();
  const declarations = [...new Set(signatures.map((s) => s.declaration).filter(Boolean))];
  if (declarations.length !== 1) return declarations.length ? open("several") : UNKNOWN;
  const [declared] = declarations;
  if (!inside(declared.getSourceFile().fileName)) return definition(declared, declared);
  if (ts.isFunctionDeclaration(declared) && declared.body) return ofFunction(declared);
  if (isFunctionLiteral(declared)) return ofLiteral(declared);
  if (ts.isMethodDeclaration(declared) && declared.body) return open("function value");
  return open("function value");
}

// all calls

const out = [];
for (const file of sources) {
  const offset = offsets(file);
  const name = relative(file);
  const visit = (node) => {
    let callee = null;
    if (ts.isCallExpression(node)) callee = node.expression;
    else if (ts.isNewExpression(node)) callee = node.expression;
    else if (ts.isTaggedTemplateExpression(node)) callee = node.tag;
    if (callee) {
      let reach = null;
      try {
        reach = reachOf(callee, ts.isNewExpression(node));
      } catch (error) {
        process.stderr.write(`${name}: ${error.stack.split("\n").slice(0, 3).join(" ")}\n`);
      }
      if (reach) {
        const { outcome, target_path = "", target_row = -1, name: called = "", why = "" } = reach;
        const start = offset(node.getStart(file)), end = offset(node.end);
        out.push(JSON.stringify({ path: name, start, end, outcome, target_path, target_row, name: called, why }));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

// UTF-16 positions of a file → bytes
function offsets(file) {
  const { text } = file;
  const shift = marked.has(file.fileName) ? 3 : 0;
  if (Buffer.byteLength(text) === text.length) return (position) => position + shift;
  const bytes = new Uint32Array(text.length + 1);
  for (let i = 0, n = 0; i < text.length; i++) {
    bytes[i] = n;
    const code = text.charCodeAt(i);
    n += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xdc00 ? 4 : code >= 0xdc00 && code < 0xe000 ? 0 : 3;
    bytes[i + 1] = n;
  }
  return (position) => bytes[position] + shift;
}

fs.writeSync(1, "");
for (let start = 0; start < out.length; start += 5000) {
  const data = Buffer.from(out.slice(start, start + 5000).join("\n") + "\n");
  for (let done = 0; done < data.length; ) {
    try {
      done += fs.writeSync(1, data, done);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}
