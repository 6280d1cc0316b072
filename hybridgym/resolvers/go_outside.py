"""What is known of packages outside of a repository, without reading them."""

INTERFACES = frozenset(
    """
    archive/tar.FileInfoNames cmp.Ordered compress/flate.Reader compress/flate.Resetter compress/zlib.Resetter
    container/heap.Interface context.Context crypto.Decapsulator crypto.Decrypter crypto.DecrypterOpts
    crypto.Encapsulator crypto.MessageSigner crypto.PrivateKey crypto.PublicKey crypto.Signer crypto.SignerOpts
    crypto/cipher.AEAD crypto/cipher.Block crypto/cipher.BlockMode crypto/cipher.Stream crypto/ecdh.Curve
    crypto/ecdh.KeyExchanger crypto/elliptic.Curve crypto/hpke.AEAD crypto/hpke.KDF crypto/hpke.KEM
    crypto/hpke.PrivateKey crypto/hpke.PublicKey crypto/tls.ClientSessionCache database/sql.Result
    database/sql.Scanner database/sql/driver.ColumnConverter database/sql/driver.Conn
    database/sql/driver.ConnBeginTx database/sql/driver.ConnPrepareContext database/sql/driver.Connector
    database/sql/driver.Driver database/sql/driver.DriverContext database/sql/driver.Execer
    database/sql/driver.ExecerContext database/sql/driver.NamedValueChecker database/sql/driver.Pinger
    database/sql/driver.Queryer database/sql/driver.QueryerContext database/sql/driver.Result
    database/sql/driver.Rows database/sql/driver.RowsColumnScanner
    database/sql/driver.RowsColumnTypeDatabaseTypeName database/sql/driver.RowsColumnTypeLength
    database/sql/driver.RowsColumnTypeNullable database/sql/driver.RowsColumnTypePrecisionScale
    database/sql/driver.RowsColumnTypeScanType database/sql/driver.RowsNextResultSet
    database/sql/driver.SessionResetter database/sql/driver.Stmt database/sql/driver.StmtExecContext
    database/sql/driver.StmtQueryContext database/sql/driver.Tx database/sql/driver.Validator
    database/sql/driver.Value database/sql/driver.ValueConverter database/sql/driver.Valuer debug/dwarf.Type
    debug/macho.Load encoding.BinaryAppender encoding.BinaryMarshaler encoding.BinaryUnmarshaler
    encoding.TextAppender encoding.TextMarshaler encoding.TextUnmarshaler encoding/binary.AppendByteOrder
    encoding/binary.ByteOrder encoding/gob.GobDecoder encoding/gob.GobEncoder encoding/json.Marshaler
    encoding/json.Options encoding/json.Token encoding/json.Unmarshaler encoding/json/jsontext.Options
    encoding/json/v2.Marshaler encoding/json/v2.MarshalerTo encoding/json/v2.Options
    encoding/json/v2.Unmarshaler encoding/json/v2.UnmarshalerFrom encoding/xml.Marshaler
    encoding/xml.MarshalerAttr encoding/xml.Token encoding/xml.TokenReader encoding/xml.Unmarshaler
    encoding/xml.UnmarshalerAttr expvar.Var flag.Getter flag.Value fmt.Formatter fmt.GoStringer fmt.ScanState
    fmt.Scanner fmt.State fmt.Stringer go/ast.Decl go/ast.Expr go/ast.Node go/ast.Spec go/ast.Stmt
    go/ast.Visitor go/build/constraint.Expr go/constant.Value go/doc/comment.Block go/doc/comment.Text
    go/types.Importer go/types.ImporterFrom go/types.Object go/types.Sizes go/types.Type hash.Cloner hash.Hash
    hash.Hash32 hash.Hash64 hash.XOF hash/maphash.Hasher image.Image image.PalettedImage image.RGBA64Image
    image/color.Color image/color.Model image/draw.Drawer image/draw.Image image/draw.Quantizer
    image/draw.RGBA64Image image/jpeg.Reader image/png.EncoderBufferPool io.ByteReader io.ByteScanner
    io.ByteWriter io.Closer io.ReadCloser io.ReadSeekCloser io.ReadSeeker io.ReadWriteCloser
    io.ReadWriteSeeker io.ReadWriter io.Reader io.ReaderAt io.ReaderFrom io.RuneReader io.RuneScanner
    io.Seeker io.StringWriter io.WriteCloser io.WriteSeeker io.Writer io.WriterAt io.WriterTo io/fs.DirEntry
    io/fs.FS io/fs.File io/fs.FileInfo io/fs.GlobFS io/fs.ReadDirFS io/fs.ReadDirFile io/fs.ReadFileFS
    io/fs.ReadLinkFS io/fs.StatFS io/fs.SubFS log/slog.Handler log/slog.Leveler log/slog.LogValuer
    math/rand.Source math/rand.Source64 math/rand/v2.Source mime/multipart.File net.Addr net.Conn net.Error
    net.Listener net.PacketConn net/http.CloseNotifier net/http.CookieJar net/http.File net/http.FileSystem
    net/http.Flusher net/http.Handler net/http.Hijacker net/http.Pusher net/http.ResponseWriter
    net/http.RoundTripper net/http/cookiejar.PublicSuffixList net/http/httputil.BufferPool net/rpc.ClientCodec
    net/rpc.ServerCodec net/smtp.Auth os.DirEntry os.FileInfo os.Signal plugin.Symbol reflect.Type
    runtime.Error sort.Interface sync.Locker syscall.Conn syscall.RawConn syscall.Sockaddr testing.TB
    testing/quick.Generator text/template/parse.Node
    """.split()
)
"""The interfaces that the standard library exports; what calls their methods may come back."""
STANDARD = frozenset(
    """
    archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go
    hash html image index io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv
    strings structs sync syscall testing text time unicode unique unsafe weak
    """.split()
)
"""How the import paths of the standard library begin."""
VARIABLES = frozenset({"flag.Usage"})
"""Variables of the standard library that hold a function which programs set."""

TYPES = frozenset(
    """
    any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint
    uint8 uint16 uint32 uint64 uintptr
    """.split()
)
FUNCTIONS = frozenset(
    "append cap clear close complex copy delete imag len make max min new panic print println real recover".split()
)
CONSTANTS = frozenset({"true", "false", "iota"})


def is_concrete(name: str) -> bool:
    """Say whether a type outside is known to be no interface."""
    package, _, _ = name.rpartition(".")
    return package.partition("/")[0] in STANDARD and name not in INTERFACES
