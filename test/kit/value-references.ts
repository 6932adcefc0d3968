import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A declaration at the top of a file: `models/call/batch.ts#saveBatch`. */
export type Declaration = string;

interface Module {
  /** Statements by the name that they declare or, as `router.get(…)` does, begin with. */
  statements: Map<string, ts.Node[]>;
  /** Names that come from another file: under which file and name they are declared, or passed on, there. */
  imports: Map<string, { file: string; name: string }>;
}

/**
 * Which declaration of the project's sources uses which others as values. Names are resolved by the imports, without
 * types: a class is one declaration with all its methods, and what comes in as a parameter leads nowhere.
 */
export class ValueReferences {
  private readonly modules = new Map<string, Module>();
  private readonly known = new Map<Declaration, Declaration[]>();

  constructor(private readonly root: string) {
    for (const file of listSources(root))
      this.modules.set(file, { statements: new Map(), imports: new Map() });
    for (const file of this.modules.keys()) this.readModule(file);
  }

  /** All declarations of a file, or the one of this name. */
  find(place: string): Declaration[] {
    const [file = '', name] = place.split('#');
    const { statements } = this.getModule(file);
    const names = name === undefined ? [...statements.keys()] : [name];
    if (!names.every((one) => statements.has(one))) throw new Error(`${place} is not there`);
    return names.map((one) => `${file}#${one}`);
  }

  /** The declarations whose values this one uses. */
  listUsed(declaration: Declaration): Declaration[] {
    let used = this.known.get(declaration);
    if (!used) {
      const [file = '', name = ''] = declaration.split('#');
      const names = (this.getModule(file).statements.get(name) ?? []).flatMap(listValueNames);
      used = [...new Set(names.flatMap((one) => this.resolve(file, one) ?? []))];
      this.known.set(declaration, used);
    }
    return used;
  }

  private getModule(file: string): Module {
    const module = this.modules.get(file);
    if (!module) throw new Error(`${file} is not there`);
    return module;
  }

  private resolve(file: string, name: string): Declaration | undefined {
    const { statements, imports } = this.getModule(file);
    const imported = imports.get(name);
    if (statements.has(name)) return `${file}#${name}`;
    return imported && this.resolve(imported.file, imported.name);
  }

  private readModule(file: string): void {
    const { statements, imports } = this.getModule(file);
    const text = readFileSync(path.join(this.root, file), 'utf8');
    for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements) {
      const source = this.findImportedFile(file, statement);
      if (source !== undefined)
        for (const [here, name] of listImportedNames(statement)) imports.set(here, { file: source, name });
      for (const name of listDeclaredNames(statement))
        statements.set(name, [...(statements.get(name) ?? []), statement]);
    }
  }

  private findImportedFile(file: string, statement: ts.Statement): string | undefined {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined;
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return undefined;
    const source = `${path.join(path.dirname(file), moduleSpecifier.text)}.ts`;
    return this.modules.has(source) ? source : undefined;
  }
}

const FOLDERS = ['bin', 'routes', 'jobs', 'models', 'lib'];

/** The sources below the root and directly in it, by their paths from there. */
export function listSources(root: string): string[] {
  const folders = FOLDERS.filter((folder) => existsSync(path.join(root, folder)));
  const below = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file}`,
    ),
  );
  return [...readdirSync(root), ...below].filter((file) => /(?<!\.d)\.ts$/.test(file));
}

/** [name in this file, name in the other] of `import { … } from` and `export { … } from`. */
function listImportedNames(statement: ts.Statement): [string, string][] {
  const clause = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : ts.isExportDeclaration(statement)
      ? statement.exportClause
      : undefined;
  if (!clause || !(ts.isNamedImports(clause) || ts.isNamedExports(clause))) return [];
  return clause.elements.map(({ name, propertyName }) => [name.text, (propertyName ?? name).text]);
}

function listDeclaredNames(statement: ts.Statement): string[] {
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  )
    return statement.name ? [statement.name.text] : [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => listBoundNames(name));
  if (ts.isExpressionStatement(statement)) return [getFirstName(statement.expression)];
  return [];
}

const listBoundNames = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? listBoundNames(element.name) : []));

/** `router` of `router.get(…).post(…)` */
function getFirstName(expression: ts.Expression): string {
  let first = expression;
  while (ts.isCallExpression(first) || ts.isPropertyAccessExpression(first)) first = first.expression;
  return ts.isIdentifier(first) ? first.text : '';
}

/** All names in a piece of code that stand for a value, but for those behind a dot and the keys of objects. */
function listValueNames(node: ts.Node): string[] {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return [];
  if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return [];
  if (ts.isIdentifier(node)) return isKey(node) ? [] : [node.text];
  const names: string[] = [];
  ts.forEachChild(node, (child) => {
    names.push(...listValueNames(child));
  });
  return names;
}

function isKey(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  return (ts.isPropertyAssignment(parent) || ts.isClassElement(parent)) && parent.name === node;
}
