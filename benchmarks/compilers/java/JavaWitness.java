import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import com.sun.tools.javac.api.BasicJavacTask;
import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Kinds;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symtab;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import com.sun.tools.javac.code.Types;
import com.sun.tools.javac.tree.JCTree;
import java.io.PrintStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Prints, as JSON lines, what javac says each call in the Java files of a folder reaches.
 *
 * <p>The files are attributed together and nothing is generated or run, no annotation processor either. What cannot be
 * attributed, for classes that are not there, is left out. A call is open where its method is abstract, or where a
 * class of the folder has another one for it.
 */
final class JavaWitness {
    private final Path root;
    private final Map<URI, Text> texts = new HashMap<>();
    private final Set<Tree> written = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Symbol.ClassSymbol> classes = new ArrayList<>();
    private final Map<List<Object>, Boolean> overridden = new HashMap<>();
    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    private Trees trees;
    private Types types;
    private Symtab symbols;

    private JavaWitness(Path root) {
        this.root = root;
    }

    public static void main(String[] arguments) throws Exception {
        new JavaWitness(Path.of(arguments[0]).toRealPath()).run();
    }

    private void run() throws Exception {
        List<Text> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(p -> p.toString().endsWith(".java") && Files.isRegularFile(p)).sorted().toList()) {
                if (path.endsWith("module-info.java")) continue;
                try {
                    files.add(new Text(path));
                } catch (CharacterCodingException error) {
                    System.err.println(path + ": not UTF-8");
                }
            }
        }
        for (Text text : files) texts.put(text.toUri(), text);
        List<String> options = List.of("-proc:none", "-implicit:none", "-nowarn", "-XDshould-stop.ifError=FLOW",
                "-XDshould-stop.ifNoError=FLOW", "-Xmaxerrs", "1");
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostic -> {}, options, null, files);
        List<CompilationUnitTree> units = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) units.add(unit);
        for (CompilationUnitTree unit : units) new Remembering().scan(unit, null);
        task.analyze();
        trees = Trees.instance(task);
        types = Types.instance(((BasicJavacTask) task).getContext());
        symbols = Symtab.instance(((BasicJavacTask) task).getContext());
        for (CompilationUnitTree unit : units) new Collecting().scan(unit, null);
        for (CompilationUnitTree unit : units) new Printing(unit).scan(unit, null);
        out.flush();
    }

    /** A file, with the bytes at which its characters are. */
    private final class Text extends SimpleJavaFileObject {
        private final String path;
        private final String content;
        private int[] bytes;
        private int[] rows;

        Text(Path file) throws Exception {
            super(file.toUri(), JavaFileObject.Kind.SOURCE);
            path = root.relativize(file).toString().replace('\\', '/');
            content = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }

        @Override
        public boolean isNameCompatible(String simpleName, JavaFileObject.Kind kind) {
            return true; // a public class may stand in a file of another name
        }

        private void measure() {
            bytes = new int[content.length() + 1];
            rows = new int[content.length() + 1];
            for (int i = 0; i < content.length(); i++) {
                char character = content.charAt(i);
                int size = character < 0x80 ? 1 : character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
                bytes[i + 1] = bytes[i] + size;
                rows[i + 1] = rows[i] + (character == '\n' ? 1 : 0);
            }
        }

        int byteAt(long position) {
            if (bytes == null) measure();
            return bytes[(int) position];
        }

        int rowAt(long position) {
            if (rows == null) measure();
            return rows[(int) position];
        }
    }

    /** Keeps what is written: the compiler adds to the trees. */
    private final class Remembering extends TreePathScanner<Void, Void> {
        @Override
        public Void scan(Tree tree, Void nothing) {
            if (tree != null) written.add(tree);
            return super.scan(tree, nothing);
        }
    }

    private final class Collecting extends TreePathScanner<Void, Void> {
        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            Symbol.ClassSymbol symbol = ((JCTree.JCClassDecl) tree).sym;
            if (symbol != null) classes.add(symbol);
            return super.visitClass(tree, nothing);
        }
    }

    private final class Printing extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Text text;
        private final SourcePositions positions = trees.getSourcePositions();

        Printing(CompilationUnitTree unit) {
            this.unit = unit;
            this.text = texts.get(unit.getSourceFile().toUri());
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree tree, Void nothing) {
            if (written.contains(tree) && isKnown(tree.getArguments())) call(tree);
            return super.visitMethodInvocation(tree, nothing);
        }

        @Override
        public Void visitNewClass(NewClassTree tree, Void nothing) {
            if (written.contains(tree) && !isConstant() && isKnown(tree.getArguments())) create(tree);
            return super.visitNewClass(tree, nothing);
        }

        private boolean isConstant() {
            Tree parent = getCurrentPath().getParentPath().getLeaf();
            return parent instanceof VariableTree && (((JCTree.JCVariableDecl) parent).mods.flags & Flags.ENUM) != 0;
        }

        private boolean isKnown(List<? extends ExpressionTree> arguments) {
            return arguments.stream().allMatch(argument -> {
                Type type = ((JCTree) argument).type;
                return type == null || !type.isErroneous();
            });
        }

        private void create(NewClassTree tree) {
            ExpressionTree named = tree.getIdentifier();
            if (named instanceof ParameterizedTypeTree) named = (ExpressionTree) ((ParameterizedTypeTree) named).getType();
            while (named instanceof com.sun.source.tree.AnnotatedTypeTree) {
                named = ((com.sun.source.tree.AnnotatedTypeTree) named).getUnderlyingType();
            }
            Type type = ((JCTree) named).type;
            if (type == null || type.isErroneous() || !(type.tsym instanceof Symbol.ClassSymbol)) return;
            Tree target = trees.getTree(type.tsym);
            if (target != null && written.contains(target)) {
                print(tree, "repository", type.tsym, target, "");
            } else {
                print(tree, "outside", type.tsym, null, "");
            }
        }

        private void call(MethodInvocationTree tree) {
            ExpressionTree select = tree.getMethodSelect();
            while (select instanceof ParenthesizedTree) select = ((ParenthesizedTree) select).getExpression();
            Element element = trees.getElement(new TreePath(getCurrentPath(), select));
            if (!(element instanceof Symbol.MethodSymbol) || ((Symbol) element).kind != Kinds.Kind.MTH) return;
            Symbol.MethodSymbol method = (Symbol.MethodSymbol) element;
            if (method.type == null || method.type.isErroneous()) return;
            if (((JCTree) tree).type != null && ((JCTree) tree).type.hasTag(TypeTag.ERROR) && isOverloaded(method)) return;
            if (method.owner == symbols.arrayClass) {
                print(tree, "builtin", method, null, "array");
                return;
            }
            Tree target = trees.getTree(method);
            boolean isOwn = target != null && written.contains(target);
            boolean isInSources = trees.getTree(method.owner) != null;
            if (isInSources && (!isOwn || method.owner.getKind() == ElementKind.ANNOTATION_TYPE)) {
                print(tree, "builtin", method, null, "implied");
                return;
            }
            String why = isVirtual(select, method) ? whyOpen(select, method, isOwn) : "";
            if (!why.isEmpty()) {
                print(tree, "open", method, null, why);
            } else {
                print(tree, isOwn ? "repository" : "outside", method, isOwn ? target : null, "");
            }
        }

        private boolean isOverloaded(Symbol.MethodSymbol method) {
            int count = 0;
            for (Symbol other : method.owner.members().getSymbolsByName(method.name)) count += other.kind == Kinds.Kind.MTH ? 1 : 0;
            return count > 1;
        }

        private boolean isVirtual(ExpressionTree select, Symbol.MethodSymbol method) {
            if (method.isConstructor() || method.isStatic() || method.isPrivate()) return false;
            if ((method.flags() & Flags.FINAL) != 0 || (method.owner.flags() & Flags.FINAL) != 0) return false;
            if (!(select instanceof MemberSelectTree)) return true;
            ExpressionTree receiver = ((MemberSelectTree) select).getExpression();
            while (receiver instanceof ParenthesizedTree) receiver = ((ParenthesizedTree) receiver).getExpression();
            boolean isSuper = receiver instanceof IdentifierTree && ((IdentifierTree) receiver).getName().contentEquals("super")
                    || receiver instanceof MemberSelectTree
                            && ((MemberSelectTree) receiver).getIdentifier().contentEquals("super");
            return !isSuper && !(receiver instanceof NewClassTree);
        }

        private String whyOpen(ExpressionTree select, Symbol.MethodSymbol method, boolean isOwn) {
            if (isOwn && isAbstract(method)) return "abstract";
            if (isFunction(method)) return "function";
            Type receiver;
            if (select instanceof MemberSelectTree) {
                receiver = ((JCTree) ((MemberSelectTree) select).getExpression()).type;
            } else {
                receiver = around(method);
            }
            if (receiver == null || receiver.isErroneous()) return "";
            if (receiver.hasTag(TypeTag.TYPEVAR)) receiver = receiver.getUpperBound();
            if (receiver.hasTag(TypeTag.ARRAY)) return "";
            if (receiver.isUnion()) { // what a `catch` of several types catches is one of these
                for (Type caught : ((Type.UnionClassType) receiver).getAlternativeTypes()) {
                    if (mayRunAnother(method, caught, isOwn)) return "overridden";
                }
                return "";
            }
            return mayRunAnother(method, receiver, isOwn) ? "overridden" : "";
        }

        private boolean mayRunAnother(Symbol.MethodSymbol method, Type receiver, boolean isOwn) {
            Type erased = types.erasure(receiver);
            return overridden.computeIfAbsent(List.of(method, erased.tsym), key -> isOverridden(method, erased, isOwn));
        }

        private boolean isFunction(Symbol.MethodSymbol method) {
            if (!isAbstract(method)) return false;
            return method.owner.getAnnotationMirrors().stream()
                    .anyMatch(mirror -> mirror.type.toString().equals("java.lang.FunctionalInterface"));
        }

        private boolean isAbstract(Symbol.MethodSymbol method) {
            return (method.flags() & (Flags.ABSTRACT | Flags.DEFAULT)) == Flags.ABSTRACT;
        }

        private Type around(Symbol.MethodSymbol method) {
            for (TreePath path = getCurrentPath(); path != null; path = path.getParentPath()) {
                if (path.getLeaf() instanceof ClassTree) {
                    Symbol.ClassSymbol symbol = ((JCTree.JCClassDecl) path.getLeaf()).sym;
                    if (symbol != null && method.isMemberOf(symbol, types)) return symbol.type;
                }
            }
            return method.owner.type;
        }

        private boolean isOverridden(Symbol.MethodSymbol method, Type receiver, boolean isOwn) {
            for (Symbol.ClassSymbol below : classes) {
                if (below == receiver.tsym || !below.isSubClass(receiver.tsym, types)) continue;
                for (Symbol other : below.members().getSymbolsByName(method.name)) {
                    if (other != method && other instanceof Symbol.MethodSymbol
                            && ((Symbol.MethodSymbol) other).overrides(method, below, types, false)) {
                        return true;
                    }
                }
                Symbol.MethodSymbol runs = method.implementation(below, types, false);
                if (runs != null && runs != method && (isOwn || trees.getTree(runs) != null)) {
                    // What lies between the receiver and the method is no other choice.
                    if (!receiver.tsym.isSubClass(runs.owner, types)) return true;
                }
            }
            return false;
        }

        private void print(Tree tree, String outcome, Symbol symbol, Tree target, String why) {
            long start = positions.getStartPosition(unit, tree);
            long end = positions.getEndPosition(unit, tree);
            if (start < 0 || end < 0) return;
            String targetPath = "";
            int row = -1;
            Symbol owner = symbol.isConstructor() ? symbol.owner : symbol;
            String name = owner.name.toString();
            if (target != null) {
                Text file = texts.get(symbol.outermostClass().sourcefile.toUri());
                int place = ((JCTree) target).pos;
                while (!file.content.startsWith(name, place)) place++;
                targetPath = file.path;
                row = file.rowAt(place);
            }
            out.println("{\"path\":" + quoted(text.path) + ",\"start\":" + text.byteAt(start) + ",\"end\":" + text.byteAt(end)
                    + ",\"outcome\":\"" + outcome + "\",\"target_path\":" + quoted(targetPath) + ",\"target_row\":" + row
                    + ",\"name\":" + quoted(name) + ",\"why\":\"" + why + "\"}");
        }

        private String quoted(String value) {
            return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }
}
