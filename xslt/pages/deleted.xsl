<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/deleted: what can be restored, the last one first. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'deleted']" mode="content">
	<p class="crumb"><a href="{$base}customers">Customers</a></p>
	<div class="head"><h1>Deleted customers</h1></div>
	<xsl:for-each select="t:deleted">
		<div class="card">
			<xsl:choose>
				<xsl:when test="t:tenant">
					<div class="scroll rows">
						<table aria-label="Deleted customers">
							<thead><tr><th scope="col">Customer</th><th scope="col">Domain</th><th scope="col">Reseller</th><th scope="col" class="c-created">Deleted</th><th scope="col" class="c-created">Kept until</th><th scope="col" class="c-created"><span class="vh">Action</span></th></tr></thead>
							<tbody><xsl:for-each select="t:tenant"><xsl:call-template name="deleted"/></xsl:for-each></tbody>
						</table>
					</div>
					<xsl:if test="@more"><p class="row soft">Older ones are not shown.</p></xsl:if>
				</xsl:when>
				<xsl:otherwise><div class="empty"><h2>Nothing here</h2><p>A deleted customer stays here for 30 days.</p></div></xsl:otherwise>
			</xsl:choose>
		</div>
	</xsl:for-each>
</xsl:template>

<xsl:template name="deleted">
	<tr>
		<th scope="row"><bdi><xsl:value-of select="@name"/></bdi></th>
		<td data-label="Domain"><xsl:value-of select="@domain"/></td>
		<td data-label="Reseller"><bdi><xsl:value-of select="@parent-name"/></bdi></td>
		<td data-label="Deleted"><xsl:call-template name="day"><xsl:with-param name="at" select="@deleted"/></xsl:call-template></td>
		<td data-label="Kept until"><xsl:call-template name="day"><xsl:with-param name="at" select="@until"/></xsl:call-template></td>
		<td class="full"><form method="post" action="{$base}customers/{@id}/restore"><xsl:call-template name="token"/><button><span>Restore<span class="vh"> <xsl:value-of select="@name"/></span></span></button></form></td>
	</tr>
</xsl:template>
</xsl:stylesheet>
