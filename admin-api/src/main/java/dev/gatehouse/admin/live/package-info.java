/** {@code live}: server-sent events of what happens now. */
package dev.gatehouse.admin.live;
