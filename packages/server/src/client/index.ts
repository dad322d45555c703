export { ApiProblem, type ProblemDetails } from './api-problem.ts'
export { type AnswerOf, Client, type ClientOptions, type Operation, type Question, type RoutePlaces } from './client.ts'
export { type FollowedProgress, followAnswer } from './follow-answer.ts'
export { readPages, readReport, reportOf } from './report.ts'
