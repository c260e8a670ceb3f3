<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/users: the tab Users and roles. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'users']" mode="heading"><xsl:value-of select="/t:page/t:customer/@name"/> - Users and roles</xsl:template>

<xsl:template match="t:page[@kind = 'users']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="customer-head"/></xsl:for-each>
	<xsl:for-each select="t:users">
		<section class="card">
			<h2 class="cap">Users and roles</h2>
			<xsl:choose>
				<xsl:when test="t:user"><xsl:call-template name="users-table"/></xsl:when>
				<xsl:otherwise><div class="empty"><h3>No users yet</h3><p>Nobody has been invited.</p></div></xsl:otherwise>
			</xsl:choose>
		</section>
	</xsl:for-each>
	<xsl:for-each select="t:form">
		<section class="card pad small">
			<h2>Invite a user</h2>
			<xsl:call-template name="form"/>
		</section>
		<section class="card pad small">
			<h2>API tokens</h2>
			<p>Programs use the API as this customer, with a token of their own. <a href="{$base}customers/{/t:page/t:customer/@id}/tokens">API tokens</a></p>
		</section>
	</xsl:for-each>
</xsl:template>

<xsl:template name="users-table">
	<div class="scroll rows">
		<table aria-label="Users and roles">
			<thead><tr><th scope="col" class="c-user">Name</th><th scope="col" class="c-email">E-mail</th><th scope="col">Job function</th><th scope="col" class="c-role">Role</th><th scope="col" class="c-role">Child tenants</th><th scope="col" class="c-state">State</th><th scope="col" class="c-created">Invited</th></tr></thead>
			<tbody>
				<xsl:for-each select="t:user">
					<tr>
						<th scope="row"><bdi class="strong"><xsl:value-of select="@name"/></bdi><xsl:if test="@id and /t:page/t:form"><xsl:text> </xsl:text><a href="{$base}customers/{/t:page/t:customer/@id}/users/{@id}">Edit<span class="vh"><xsl:text> </xsl:text><xsl:value-of select="@name"/></span></a></xsl:if></th>
						<td data-label="E-mail" class="full"><xsl:choose><xsl:when test="@email"><xsl:value-of select="@email"/></xsl:when><xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise></xsl:choose></td>
						<td data-label="Job function"><xsl:value-of select="@job"/></td>
						<td data-label="Role"><xsl:call-template name="role-word"><xsl:with-param name="role" select="@role"/></xsl:call-template></td>
						<td data-label="Child tenants"><xsl:call-template name="role-word"><xsl:with-param name="role" select="@child"/></xsl:call-template></td>
						<td data-label="State"><xsl:call-template name="user-state"/></td>
						<td data-label="Invited"><xsl:call-template name="day"><xsl:with-param name="at" select="@invited"/></xsl:call-template></td>
					</tr>
				</xsl:for-each>
			</tbody>
		</table>
	</div>
</xsl:template>

<xsl:template name="user-state">
	<span>
		<xsl:attribute name="class">badge<xsl:if test="@state = 'Active'"> active</xsl:if></xsl:attribute>
		<xsl:choose>
			<xsl:when test="@state = 'Active'">Active</xsl:when>
			<xsl:when test="@state = 'Invited'">Invited</xsl:when>
			<xsl:when test="@state = 'Expired'">Expired</xsl:when>
			<xsl:when test="@state = 'Cancelled'">Cancelled</xsl:when>
			<xsl:otherwise>Disabled</xsl:otherwise>
		</xsl:choose>
	</span>
	<xsl:choose>
		<xsl:when test="@mail = 'waiting'"><span class="hint block">the mail waits to be sent</span></xsl:when>
		<xsl:when test="@mail = 'unconfirmed'"><span class="hint block">the mail may not have arrived: send it again</span></xsl:when>
	</xsl:choose>
	<xsl:if test="@since"><span class="hint block">since <xsl:call-template name="day"><xsl:with-param name="at" select="@since"/></xsl:call-template></span></xsl:if>
</xsl:template>
</xsl:stylesheet>
