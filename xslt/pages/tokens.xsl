<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/tokens, reached from the tab Users and roles: the API tokens, the form for another one, and what it has made. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'tokens']" mode="heading"><xsl:value-of select="/t:page/t:customer/@name"/> - API tokens</xsl:template>

<xsl:template match="t:page[@kind = 'tokens']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="customer-head"/></xsl:for-each>
	<xsl:for-each select="t:made"><xsl:call-template name="token-made"/></xsl:for-each>
	<xsl:for-each select="t:tokens">
		<section class="card">
			<h2 class="cap">API tokens</h2>
			<xsl:choose>
				<xsl:when test="t:api-token"><xsl:call-template name="tokens-table"/></xsl:when>
				<xsl:otherwise><div class="empty"><h3>No tokens yet</h3><p>A program that uses the API needs one.</p></div></xsl:otherwise>
			</xsl:choose>
		</section>
	</xsl:for-each>
	<xsl:for-each select="t:form">
		<section class="card pad small">
			<h2>Make a token</h2>
			<xsl:call-template name="form"/>
		</section>
	</xsl:for-each>
</xsl:template>

<!-- The secret, this once. -->
<xsl:template name="token-made">
	<section class="card pad small" role="status">
		<h2>Token made</h2>
		<xsl:choose>
			<xsl:when test="@before"><p>This token was made before, by the same form. It was shown then, and is not shown again.</p></xsl:when>
			<xsl:otherwise>
				<p>Copy it now: it is not shown again.</p>
				<p class="once"><code class="secret"><xsl:value-of select="."/></code></p>
			</xsl:otherwise>
		</xsl:choose>
	</section>
</xsl:template>

<xsl:template name="tokens-table">
	<div class="scroll rows">
		<table aria-label="API tokens">
			<thead><tr><th scope="col" class="c-user">Name</th><th scope="col" class="c-scope">Scope</th><th scope="col" class="c-ended">State</th><th scope="col">Made by</th><th scope="col" class="c-created">Made</th><th scope="col" class="c-created">Expires</th><th scope="col" class="c-created">Last used</th></tr></thead>
			<tbody>
				<xsl:for-each select="t:api-token">
					<tr>
						<th scope="row"><bdi class="strong"><xsl:value-of select="@name"/></bdi><xsl:if test="@state = 'Active'"><xsl:text> </xsl:text><a class="ask" href="{$base}customers/{/t:page/t:customer/@id}/tokens/{@id}/revoke">Revoke<span class="vh"><xsl:text> </xsl:text><xsl:value-of select="@name"/></span></a></xsl:if></th>
						<td data-label="Scope"><xsl:value-of select="@scope"/></td>
						<td data-label="State"><xsl:call-template name="token-state"/></td>
						<td data-label="Made by" class="full"><bdi><xsl:value-of select="@maker"/></bdi></td>
						<td data-label="Made"><xsl:call-template name="day"><xsl:with-param name="at" select="@made"/></xsl:call-template></td>
						<td data-label="Expires"><xsl:call-template name="day"><xsl:with-param name="at" select="@expires"/></xsl:call-template></td>
						<td data-label="Last used"><xsl:choose><xsl:when test="@used"><xsl:call-template name="day"><xsl:with-param name="at" select="@used"/></xsl:call-template></xsl:when><xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise></xsl:choose></td>
					</tr>
				</xsl:for-each>
			</tbody>
		</table>
	</div>
</xsl:template>

<xsl:template name="token-state">
	<span>
		<xsl:attribute name="class">badge<xsl:if test="@state = 'Active'"> active</xsl:if></xsl:attribute>
		<xsl:choose>
			<xsl:when test="@state = 'Active'">Active</xsl:when>
			<xsl:when test="@state = 'Expired'">Expired</xsl:when>
			<xsl:when test="@state = 'Revoked'">Revoked</xsl:when>
			<xsl:otherwise>Ended</xsl:otherwise>
		</xsl:choose>
	</span>
	<xsl:if test="@ended"><span class="hint block"><xsl:if test="@reason"><xsl:value-of select="@reason"/>, </xsl:if><xsl:call-template name="day"><xsl:with-param name="at" select="@ended"/></xsl:call-template></span></xsl:if>
</xsl:template>
</xsl:stylesheet>
