// What others use of lists and conversations.
export { gatherAll, leavesList, mailboxName, performAct, type Act, type Seen } from "./acts";
export { dragging } from "./drag";
export { EmptyList, ThreadList, useListModel } from "./list";
export { ListBar, noFilters, type Filters } from "./list-bar";
export { ListModel, type ListKind } from "./list-model";
export { MoveDialog } from "./move-dialog";
export { Reader } from "./reader";
export { roleIcons, roleOrder } from "./roles";
export { rowOfMessage, sorts, type ListRow } from "./row";
export type { RowAct } from "./row-view";
export { SearchBar } from "./search-bar";
