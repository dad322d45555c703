export { ApiProblem } from './api-problem.ts'
export { type AnswerOf, Client, type ClientOptions, type Operation, type Question } from './client.ts'
export { readPages, readReport } from './report.ts'
