import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import ts from 'typescript'

/** One place where a tree breaks a rule of the house. */
export type Violation = {
  rule: 'imports' | 'cycle' | 'test-missing' | 'cli-only' | 'mutable-state' | 'unknown-room'
  file: string
  detail: string
}

type Room = { imports: readonly string[]; typesOf?: readonly string[] }

const rooms: Readonly<Record<string, Room>> = {
  crypto: { imports: [] },
  wire: { imports: [] },
  smb: { imports: ['wire', 'crypto'] },
  rpc: { imports: ['wire', 'crypto'] },
  dcerpc: { imports: ['wire'] },
  probe: { imports: ['smb', 'rpc', 'dcerpc', 'wire'] },
  registry: { imports: [] },
  alert: { imports: [] },
  license: { imports: [] },
  watch: { imports: [], typesOf: ['probe', 'registry', 'alert'] },
  config: { imports: [] },
  doctor: { imports: ['registry', 'wire'] },
  trend: { imports: [] },
  diagnosis: { imports: ['wire'] },
  launch: { imports: [] },
  repair: { imports: ['registry', 'launch'] },
  inventory: { imports: [] },
  view: { imports: ['registry'], typesOf: ['alert'] },
  guard: { imports: ['registry', 'view'] },
  serve: { imports: ['registry', 'alert', 'view'] },
}

const cliOnly: ReadonlySet<string> = new Set(['exit', 'env', 'exitCode', 'abort'])
const mutableContainers: ReadonlySet<string> = new Set([
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Array',
])

/** Every place under `root` (which holds `src` and `test`) where the house rules are broken. */
export function violations(root: string): Violation[] {
  const files = sources(join(root, 'src')).map((path) => read(root, path))
  return [
    ...files.flatMap((file) => [
      ...importViolations(file),
      ...testViolations(root, file),
      ...(file.room === 'cli' ? [] : [...cliViolations(file), ...stateViolations(file)]),
    ]),
    ...cycles(files),
  ]
}

type Import = { to: string; typeOnly: boolean }
type SourceFile = { path: string; room: string; tree: ts.SourceFile; imports: Import[] }

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return sources(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

function read(root: string, path: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const name = relative(root, path).split(sep).join('/')
  const imports: Import[] = []
  const visit = (node: ts.Node): void => {
    const found = importOf(node)
    if (found !== undefined && found.to.startsWith('.')) {
      const to = normalize(join(dirname(name), found.to))
      imports.push({ to, typeOnly: found.typeOnly })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return { path: name, room: name.split('/')[1] ?? '', tree, imports }
}

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return { to: node.moduleSpecifier.text, typeOnly: typeOnly || onlyTypesNamed(node) }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return ts.isStringLiteral(node.moduleSpecifier)
      ? { to: node.moduleSpecifier.text, typeOnly: node.isTypeOnly }
      : undefined
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [specifier] = node.arguments
    return specifier !== undefined && ts.isStringLiteral(specifier)
      ? { to: specifier.text, typeOnly: false }
      : undefined
  }
  return undefined
}

function onlyTypesNamed(node: ts.ImportDeclaration): boolean {
  const bindings = node.importClause?.namedBindings
  return (
    node.importClause?.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly)
  )
}

function importViolations(file: SourceFile): Violation[] {
  if (file.room === 'cli') return []
  const room = rooms[file.room]
  if (room === undefined) {
    return [{ rule: 'unknown-room', file: file.path, detail: `no room named ${file.room}` }]
  }
  return file.imports.flatMap(({ to, typeOnly }): Violation[] => {
    const [top, target] = to.split('/')
    if (top === 'messages') return []
    if (top === 'src' && target !== undefined) {
      if (target === file.room || room.imports.includes(target)) return []
      if (typeOnly && room.typesOf?.includes(target)) return []
    }
    return [{ rule: 'imports', file: file.path, detail: `${file.room} may not import ${to}` }]
  })
}

function testViolations(root: string, file: SourceFile): Violation[] {
  if (file.tree.statements.every(isTypeOnly)) return []
  const test = file.path.replace(/^src/, 'test')
  if (existsSync(join(root, test))) return []
  return [{ rule: 'test-missing', file: file.path, detail: `${test} does not exist` }]
}

function isTypeOnly(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement)) {
    return statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
  }
  return ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)
}

function cliViolations(file: SourceFile): Violation[] {
  const found: Violation[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const text = `${node.expression.text}.${node.name.text}`
      if (node.expression.text === 'process' && cliOnly.has(node.name.text)) {
        found.push({ rule: 'cli-only', file: file.path, detail: text })
      }
      if (node.expression.text === 'console') {
        found.push({ rule: 'cli-only', file: file.path, detail: text })
      }
    }
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      if (/^(node:)?(process|console)$/.test(node.moduleSpecifier.text)) {
        found.push({ rule: 'cli-only', file: file.path, detail: node.moduleSpecifier.text })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file.tree)
  return found
}

function stateViolations(file: SourceFile): Violation[] {
  return file.tree.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    // What is only declared is of the build.
    if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) return []
    const isConst = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0
    return statement.declarationList.declarations.flatMap((declaration): Violation[] => {
      if (isConst && !holdsMutable(declaration)) return []
      return [{ rule: 'mutable-state', file: file.path, detail: declaration.name.getText() }]
    })
  })
}

function holdsMutable(declaration: ts.VariableDeclaration): boolean {
  const type = declaration.type?.getText() ?? ''
  if (type.startsWith('Readonly') || type.startsWith('readonly ')) return false
  const value = declaration.initializer
  if (value === undefined) return true
  if (ts.isNewExpression(value)) {
    return ts.isIdentifier(value.expression) && mutableContainers.has(value.expression.text)
  }
  return ts.isArrayLiteralExpression(value) || ts.isObjectLiteralExpression(value)
}

function cycles(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const done = new Set<string>()
  const found: Violation[] = []
  const visit = (file: SourceFile, trail: string[]): void => {
    const start = trail.indexOf(file.path)
    if (start >= 0) {
      const ring = [...trail.slice(start), file.path].join(' → ')
      found.push({ rule: 'cycle', file: file.path, detail: ring })
      return
    }
    if (done.has(file.path)) return
    for (const { to, typeOnly } of file.imports) {
      const next = byPath.get(to)
      if (next !== undefined && !typeOnly) visit(next, [...trail, file.path])
    }
    done.add(file.path)
  }
  for (const file of files) visit(file, [])
  return found
}
