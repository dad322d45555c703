export { checkSource, type SourceCheck, type SourceIssue } from './check-source.ts'
export { importerFromSource, type SourceImporter } from './importer-from-source.ts'
export { SOURCE_KIND } from './source-kind.ts'
export { type SourceDocument, sourceJsonSchema, sourceSchema } from './source-schema.ts'
