/** The OpenAPI document as the router uses it: operations, and the schemas that requests are checked against. Nothing here does I/O beyond reading the resource. */
package dev.gatehouse.admin.contract;
